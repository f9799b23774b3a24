"""Templates of CMakeDeps aren't Python classes here: the files are rendered natively."""

from conan.errors import ConanException


class CMakeDepsFileTemplate:
    """Not supported: files of CMakeDeps can't be rendered by own templates."""

    def __init__(self, cmakedeps, require, conanfile, generating_module=False):
        raise ConanException("conan.tools.cmake.cmakedeps.templates.CMakeDepsFileTemplate is not "
                             "supported: use CMakeDeps.set_property() or own files")
