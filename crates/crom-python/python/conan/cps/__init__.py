"""CPS files of packages."""
from conan.cps.cps import CPS

__all__ = ["CPS"]
