"""Folders for projects that build with CMake."""

from conan.errors import ConanException
from conan.tools.cmake._bridge import call


def cmake_layout(conanfile, generator=None, src_folder=".", build_folder="build"):
    """Sets `self.folders` and `self.cpp` for a CMake project.

    :param conanfile: the recipe, usually `self`
    :param generator: CMake's generator, as for CMakeToolchain
    :param src_folder: where the sources are
    :param build_folder: base of the build folder
    """
    try:
        conanfile.settings.build_type
    except (AttributeError, ConanException):
        raise ConanException("'build_type' setting not defined, it is necessary for "
                             "cmake_layout()") from None
    folders = call(conanfile, "cmake.layout", {"generator": generator, "src_folder": src_folder,
                                               "build_folder": build_folder,
                                               "build_folder_vars":
                                                   conanfile.folders.build_folder_vars})
    apply(conanfile, folders)


def apply(conanfile, folders):
    """Sets what a layout decided."""
    conanfile.folders.source = folders["source"]
    conanfile.folders.build = folders["build"]
    conanfile.folders.generators = folders["generators"]
    if folders["test_output"] is not None:
        conanfile.folders.test_output = folders["test_output"]
    conanfile.cpp.source.includedirs = folders["source_includedirs"]
    conanfile.cpp.build.libdirs = folders["build_dirs"]
    conanfile.cpp.build.bindirs = folders["build_dirs"][:]


RECIPE_CONSUMER = "Consumer"
RECIPE_EDITABLE = "Editable"


def is_consumer(conanfile):
    """Is it the conanfile that a command was given?"""
    return bool(conanfile._conan_is_consumer)


def get_build_folder_custom_vars(conanfile):
    """The variable part of the build folder's name, and whether the build type is part of it."""
    text, has_build_type = call(conanfile, "cmake.layout.variables",
                                {"build_folder_vars": conanfile.folders.build_folder_vars})
    return text, has_build_type
