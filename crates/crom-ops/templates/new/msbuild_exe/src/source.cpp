#include <iostream>

{%- for package in required_names %}
#include "{{ package }}.h"
{%- endfor %}

int main() {
    {%- for package in required_identifiers %}
    {{ package }}();
    {%- endfor %}
#ifdef NDEBUG
    std::cout << "{{ name }}/{{ version }}: Hello World Release!\n";
#else
    std::cout << "{{ name }}/{{ version }}: Hello World Debug!\n";
#endif

    // What the compiler says of itself, to see that the profile has reached it.
#if defined(_M_X64)
    std::cout << "  {{ name }}/{{ version }}: _M_X64 defined\n";
#elif defined(_M_IX86)
    std::cout << "  {{ name }}/{{ version }}: _M_IX86 defined\n";
#elif defined(_M_ARM64)
    std::cout << "  {{ name }}/{{ version }}: _M_ARM64 defined\n";
#elif defined(__x86_64__)
    std::cout << "  {{ name }}/{{ version }}: __x86_64__ defined\n";
#elif defined(__i386__)
    std::cout << "  {{ name }}/{{ version }}: __i386__ defined\n";
#elif defined(__aarch64__)
    std::cout << "  {{ name }}/{{ version }}: __aarch64__ defined\n";
#endif
#ifdef _GLIBCXX_USE_CXX11_ABI
    std::cout << "  {{ name }}/{{ version }}: _GLIBCXX_USE_CXX11_ABI " << _GLIBCXX_USE_CXX11_ABI << "\n";
#endif
#ifdef _MSC_VER
    std::cout << "  {{ name }}/{{ version }}: _MSC_VER" << _MSC_VER << "\n";
  #if defined(_DLL)
    std::cout << "  {{ name }}/{{ version }}: MSVC runtime: dynamic\n";
  #else
    std::cout << "  {{ name }}/{{ version }}: MSVC runtime: static\n";
  #endif
#endif
    std::cout << "  {{ name }}/{{ version }}: __cplusplus" << __cplusplus << "\n";
#ifdef __GNUC__
    std::cout << "  {{ name }}/{{ version }}: __GNUC__" << __GNUC__ << "\n";
#endif
#ifdef __clang_major__
    std::cout << "  {{ name }}/{{ version }}: __clang_major__" << __clang_major__ << "\n";
#endif
}
