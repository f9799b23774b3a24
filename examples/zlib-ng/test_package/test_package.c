#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib-ng.h>

int main(void) {
    const char *text = "the package works";
    uint8_t packed[128], back[128];
    size_t packed_size = sizeof packed, back_size = sizeof back;
    if (zng_compress(packed, &packed_size, (const uint8_t *)text, strlen(text) + 1) != Z_OK)
        return 1;
    if (zng_uncompress(back, &back_size, packed, packed_size) != Z_OK)
        return 1;
    if (back_size != strlen(text) + 1 || strcmp((const char *)back, text) != 0)
        return 1;
    printf("zlib-ng %s: %s\n", zlibng_version(), (const char *)back);
    return 0;
}
