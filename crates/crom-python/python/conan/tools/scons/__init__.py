"""SCons."""
from conan.tools.scons.sconsdeps import SConsDeps

__all__ = ["SConsDeps"]
