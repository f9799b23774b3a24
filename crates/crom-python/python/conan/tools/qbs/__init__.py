"""Qbs, the build system: not done yet, so a recipe can name it and gets an error when it uses it."""
import _crom

__all__ = ["Qbs", "QbsDeps", "QbsProfile"]


class Qbs:
    """Not done yet."""

    def __init__(self, conanfile, *args, **kwargs):
        raise _crom.unsupported("conan.tools.qbs.Qbs")


class QbsDeps:
    """Not done yet."""

    def __init__(self, conanfile, *args, **kwargs):
        raise _crom.unsupported("conan.tools.qbs.QbsDeps")


class QbsProfile:
    """Not done yet."""

    def __init__(self, conanfile, *args, **kwargs):
        raise _crom.unsupported("conan.tools.qbs.QbsProfile")
