"""Flags of compilers"""
import _crom


def cppstd_flag(conanfile):
    """The flag for ``compiler.cppstd``."""
    return _crom.call_with(conanfile, "build.cppstd_flag", {})


def architecture_bits(conanfile):
    """How wide pointers are, as text, or None."""
    return _crom.call_with(conanfile, "build.architecture_bits", {})
