"""Versions of compilers"""
import _crom


def check_min_compiler_version(conanfile, compiler_restrictions):
    """An invalid configuration if the compiler is older than what is listed for it as
    ``(compiler, version, reason)``."""
    _crom.call_with(conanfile, "build.check_min_compiler_version",
                    {"display": str(conanfile),
                     "restrictions": [[str(part) for part in it] for it in compiler_restrictions]})
