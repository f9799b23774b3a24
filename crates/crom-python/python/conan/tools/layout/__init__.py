"""Folders for projects."""

from conan.tools.cmake._bridge import call
from conan.tools.cmake.layout import apply


def basic_layout(conanfile, src_folder=".", build_folder=None):
    """Sets `self.folders` and `self.cpp` for a simple project.

    :param conanfile: the recipe, usually `self`
    :param src_folder: where the sources are
    :param build_folder: by default `build-<build type>`
    """
    apply(conanfile, call(conanfile, "layout.basic", {"src_folder": src_folder,
                                                      "build_folder": build_folder}))
