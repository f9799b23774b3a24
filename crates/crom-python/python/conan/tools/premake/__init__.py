"""Premake, the build system: not done yet, so a recipe can name it and gets an error when it uses it."""
import _crom

__all__ = ["Premake", "PremakeDeps", "PremakeToolchain"]


class Premake:
    """Not done yet."""

    def __init__(self, conanfile, *args, **kwargs):
        raise _crom.unsupported("conan.tools.premake.Premake")


class PremakeDeps:
    """Not done yet."""

    def __init__(self, conanfile, *args, **kwargs):
        raise _crom.unsupported("conan.tools.premake.PremakeDeps")


class PremakeToolchain:
    """Not done yet."""

    def __init__(self, conanfile, *args, **kwargs):
        raise _crom.unsupported("conan.tools.premake.PremakeToolchain")
