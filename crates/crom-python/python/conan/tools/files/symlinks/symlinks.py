"""Symbolic links of a folder and those below it."""
import _crom


def get_symlinks(base_folder):
    """The paths of all links, one by one."""
    yield from _crom.call("files.get_symlinks", {"base_folder": base_folder})


def absolute_to_relative_symlinks(conanfile, base_folder):
    """Makes links relative that lead into the folder by an absolute path."""
    _crom.call("files.absolute_to_relative_symlinks", {"base_folder": base_folder})


def remove_external_symlinks(conanfile, base_folder):
    """Removes links that lead out of the folder."""
    _crom.call("files.remove_external_symlinks", {"base_folder": base_folder})


def remove_broken_symlinks(conanfile, base_folder=None):
    """Removes links that lead to nothing."""
    _crom.call("files.remove_broken_symlinks", {"base_folder": base_folder})
