#include <string>
#include <vector>

#include "{{ name }}.h"

int main() {
    {{ name_identifier }}();

    std::vector<std::string> words;
    words.push_back("test_package");
    {{ name_identifier }}_print_vector(words);
}
