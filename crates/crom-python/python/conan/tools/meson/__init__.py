"""Meson."""
from conan.tools.meson.meson import Meson
from conan.tools.meson.toolchain import MesonToolchain

__all__ = ["Meson", "MesonToolchain"]
