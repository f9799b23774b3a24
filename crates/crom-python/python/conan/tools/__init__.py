"""The tools for recipes, one package per build system or subject."""
from _crom import Version
from conan.internal.model.cpp_info import CppInfo as _CppInfo


def __getattr__(name):
    from importlib import import_module
    try:
        return import_module(f"conan.tools.{name}")
    except ImportError:
        raise AttributeError(f"module 'conan.tools' has no attribute '{name}'") from None


def CppInfo(conanfile):
    """An empty ``cpp_info``, to be filled and merged into others."""
    return _CppInfo(set_defaults=False)
