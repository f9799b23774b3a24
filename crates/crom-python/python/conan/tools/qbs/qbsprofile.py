"""QbsProfile"""
import os

import _crom
from conan.internal.generate import check_duplicated
from conan.tools.files import save

_FLAGS = ("extra_cflags", "extra_cxxflags", "extra_defines", "extra_sharedlinkflags",
          "extra_exelinkflags")


class QbsProfile:
    """``qbs_settings.txt``: a profile to be imported by ``qbs config``."""

    def __init__(self, conanfile, profile="conan", default_profile="conan"):
        self._conanfile = conanfile
        self._profile = profile
        self._default_profile = default_profile
        self.extra_cflags = []
        self.extra_cxxflags = []
        self.extra_defines = []
        self.extra_sharedlinkflags = []
        self.extra_exelinkflags = []

    def _flags(self):
        return {name: getattr(self, name) for name in _FLAGS}

    @property
    def filename(self):
        """The name of the file."""
        return "qbs_settings.txt"

    @property
    def content(self):
        """The values by key."""
        return _crom.call_with(self._conanfile, "qbs.profile", self._flags())

    def render(self):
        """The text of the file."""
        return _crom.call_with(self._conanfile, "qbs.render", {
            "flags": self._flags(), "profile": self._profile,
            "default_profile": self._default_profile})

    def generate(self):
        """Writes the file."""
        check_duplicated(self, self._conanfile)
        save(self._conanfile,
             os.path.join(self._conanfile.generators_folder, self.filename), self.render())
