#pragma once

#include <iostream>
#include <string>
#include <vector>
{%- for package in required_names %}
#include "{{ package }}.h"
{%- endfor %}

inline void {{ name_identifier }}() {
    {%- for package in required_identifiers %}
    {{ package }}();
    {%- endfor %}
#ifdef NDEBUG
    std::cout << "{{ name }}/{{ version }}: Hello World Release!\n";
#else
    std::cout << "{{ name }}/{{ version }}: Hello World Debug!\n";
#endif
}

inline void {{ name_identifier }}_print_vector(const std::vector<std::string> &strings) {
    for (std::vector<std::string>::const_iterator it = strings.begin(); it != strings.end(); ++it) {
        std::cout << "{{ name }}/{{ version }} " << *it << std::endl;
    }
}
