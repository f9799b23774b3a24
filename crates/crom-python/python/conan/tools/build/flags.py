"""Flags of compilers"""
import _crom


def cppstd_flag(conanfile):
    """The flag for ``compiler.cppstd``."""
    return _crom.call_with(conanfile, "build.cppstd_flag", {})


def architecture_bits(conanfile):
    """How wide pointers are, as text, or None."""
    return _crom.call_with(conanfile, "build.architecture_bits", {})


def _flag(conanfile, name):
    return _crom.call_with(conanfile, "build.flags", {})[name]


def architecture_flag(conanfile):
    """The flag for ``arch``."""
    return _flag(conanfile, "architecture")


def architecture_link_flag(conanfile):
    """The linker's flag for ``arch``."""
    return _flag(conanfile, "architecture_link")


def build_type_flags(conanfile):
    """The flags for ``build_type``."""
    return _flag(conanfile, "build_type")


def build_type_link_flags(settings):
    """The linker's flags for ``build_type``."""
    return _crom.call("build.build_type_link_flags", {"settings": dict(settings.items())})


def threads_flags(conanfile):
    """The flags for ``compiler.threads``."""
    return _flag(conanfile, "threads")


def libcxx_flags(conanfile):
    """The flag and the definition for ``compiler.libcxx``."""
    flags = _flag(conanfile, "libcxx")
    return flags["flag"], flags["define"]


def cstd_flag(conanfile):
    """The flag for ``compiler.cstd``."""
    return _flag(conanfile, "cstd")


def llvm_clang_front(conanfile):
    """``clang-cl`` or ``clang`` for LLVM's compiler on Windows."""
    return _flag(conanfile, "clang_front")


def disable_flag(conanfile, flag):
    """Does ``tools.gnu:disable_flags`` name it?"""
    return flag in conanfile.conf.get("tools.gnu:disable_flags", default=[], check_type=list)


def cppstd_msvc_flag(visual_version, cppstd):
    """msvc's name of a C++ standard, without ``/std:``."""
    return _crom.call("build.msvc_standard", {"version": str(visual_version),
                                              "cppstd": str(cppstd)})


def cstd_msvc_flag(visual_version, cstd):
    """msvc's name of a C standard, without ``/std:``."""
    return _crom.call("build.msvc_standard", {"version": str(visual_version), "cstd": str(cstd)})
