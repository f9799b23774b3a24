#pragma once

#include <string>
#include <vector>

#ifdef _WIN32
  #define {{ name_upper }}_EXPORT __declspec(dllexport)
#else
  #define {{ name_upper }}_EXPORT
#endif

{{ name_upper }}_EXPORT void {{ name_identifier }}();
{{ name_upper }}_EXPORT void {{ name_identifier }}_print_vector(const std::vector<std::string> &strings);
