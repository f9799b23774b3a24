"""Autotools, make and pkg-config."""
from conan.tools.gnu.autotools import Autotools
from conan.tools.gnu.autotoolsdeps import AutotoolsDeps
from conan.tools.gnu.autotoolstoolchain import AutotoolsToolchain
from conan.tools.gnu.gnutoolchain import GnuToolchain
from conan.tools.gnu.makedeps import MakeDeps
from conan.tools.gnu.pkgconfig import PkgConfig
from conan.tools.gnu.pkgconfigdeps import PkgConfigDeps

__all__ = ["Autotools", "AutotoolsDeps", "AutotoolsToolchain", "GnuToolchain", "MakeDeps",
           "PkgConfig", "PkgConfigDeps"]
