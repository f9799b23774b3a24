"""The library of C++"""
import _crom


def stdcpp_library(conanfile):
    """The library to link for C++ from another language, or None."""
    return _crom.call_with(conanfile, "build.stdcpp_library", {})
