"""Qbs."""
from conan.tools.qbs.qbs import Qbs
from conan.tools.qbs.qbsdeps import QbsDeps
from conan.tools.qbs.qbsprofile import QbsProfile

__all__ = ["Qbs", "QbsDeps", "QbsProfile"]
