/* Says how small zlib-ng makes a file, and checks that it comes back whole. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib-ng.h>

static int fail(const char *what) {
    fprintf(stderr, "squeeze: %s\n", what);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 2)
        return fail("usage: squeeze FILE");
    FILE *file = fopen(argv[1], "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return fail("can't read the file");
    const size_t size = (size_t)ftell(file);
    rewind(file);

    size_t packed_size = zng_compressBound(size), back_size = size;
    uint8_t *data = malloc(size + 1), *packed = malloc(packed_size), *back = malloc(size + 1);
    if (!data || !packed || !back || fread(data, 1, size, file) != size)
        return fail("can't read the file");
    if (zng_compress2(packed, &packed_size, data, size, 9) != Z_OK)
        return fail("compression failed");
    if (zng_uncompress(back, &back_size, packed, packed_size) != Z_OK || back_size != size ||
        memcmp(back, data, size) != 0)
        return fail("the file didn't come back");

    printf("%s: %zu bytes, squeezed to %zu by zlib-ng %s\n", argv[1], size, packed_size, zlibng_version());
    return 0;
}
