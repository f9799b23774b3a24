"""Standards of C"""
import _crom


def _check(conanfile, bound, cstd, gnu_extensions):
    _crom.call_with(conanfile, "build.check_standard",
                    {"language": "c", "bound": bound, "required": str(cstd),
                     "gnu_extensions": bool(gnu_extensions)})


def _valid(conanfile, bound, cstd, gnu_extensions):
    return _crom.call_with(conanfile, "build.valid_standard",
                           {"language": "c", "bound": bound, "required": str(cstd),
                            "gnu_extensions": bool(gnu_extensions)})


def check_min_cstd(conanfile, cstd, gnu_extensions=False):
    """An invalid configuration if ``compiler.cstd`` is below a standard."""
    _check(conanfile, "min", cstd, gnu_extensions)


def check_max_cstd(conanfile, cstd, gnu_extensions=False):
    """An invalid configuration if ``compiler.cstd`` is above a standard."""
    _check(conanfile, "max", cstd, gnu_extensions)


def valid_min_cstd(conanfile, cstd, gnu_extensions=False):
    """Is ``compiler.cstd`` at least this standard?"""
    return _valid(conanfile, "min", cstd, gnu_extensions)


def valid_max_cstd(conanfile, cstd, gnu_extensions=False):
    """Is ``compiler.cstd`` at most this standard?"""
    return _valid(conanfile, "max", cstd, gnu_extensions)


def supported_cstd(conanfile, compiler=None, compiler_version=None):
    """The standards that a compiler knows, or None."""
    return _crom.call_with(conanfile, "build.supported",
                           {"language": "c", "compiler": compiler,
                            "version": compiler_version})


def default_cstd(conanfile, compiler=None, compiler_version=None):
    """What a compiler takes when it is told nothing, or None."""
    return _crom.call_with(conanfile, "build.default",
                           {"language": "c", "compiler": compiler,
                            "version": compiler_version})
