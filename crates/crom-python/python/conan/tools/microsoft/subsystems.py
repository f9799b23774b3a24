"""Paths for shells on Windows"""
import _crom


def unix_path(conanfile, path, scope="build"):
    """A path as the shell of a scope writes it."""
    if path is None:
        return None
    return _crom.call_with(conanfile, "microsoft.unix_path",
                           {"path": str(path), "scope": scope or "build"})


def unix_path_package_info_legacy(conanfile, path, path_flavor=None):
    """The path as it is: packages of Conan 2 say paths of Windows."""
    return path
