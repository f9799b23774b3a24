"""Standards of C++"""
import _crom


def _check(conanfile, bound, cppstd, gnu_extensions):
    _crom.call_with(conanfile, "build.check_standard",
                    {"language": "cpp", "bound": bound, "required": str(cppstd),
                     "gnu_extensions": bool(gnu_extensions)})


def _valid(conanfile, bound, cppstd, gnu_extensions):
    return _crom.call_with(conanfile, "build.valid_standard",
                           {"language": "cpp", "bound": bound, "required": str(cppstd),
                            "gnu_extensions": bool(gnu_extensions)})


def check_min_cppstd(conanfile, cppstd, gnu_extensions=False):
    """An invalid configuration if ``compiler.cppstd`` is below a standard."""
    _check(conanfile, "min", cppstd, gnu_extensions)


def check_max_cppstd(conanfile, cppstd, gnu_extensions=False):
    """An invalid configuration if ``compiler.cppstd`` is above a standard."""
    _check(conanfile, "max", cppstd, gnu_extensions)


def valid_min_cppstd(conanfile, cppstd, gnu_extensions=False):
    """Is ``compiler.cppstd`` at least this standard?"""
    return _valid(conanfile, "min", cppstd, gnu_extensions)


def valid_max_cppstd(conanfile, cppstd, gnu_extensions=False):
    """Is ``compiler.cppstd`` at most this standard?"""
    return _valid(conanfile, "max", cppstd, gnu_extensions)


def supported_cppstd(conanfile, compiler=None, compiler_version=None):
    """The standards that a compiler knows, or None."""
    return _crom.call_with(conanfile, "build.supported",
                           {"language": "cpp", "compiler": compiler,
                            "version": compiler_version})


def default_cppstd(conanfile, compiler=None, compiler_version=None):
    """What a compiler takes when it is told nothing, or None."""
    return _crom.call_with(conanfile, "build.default",
                           {"language": "cpp", "compiler": compiler,
                            "version": compiler_version})
