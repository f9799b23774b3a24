"""QbsDeps"""
import os

import _crom
from conan.internal.generate import check_duplicated
from conan.tools.files import save


class QbsDeps:
    """``conan-qbs-deps``: dependencies for the module provider of Qbs."""

    def __init__(self, conanfile):
        self._conanfile = conanfile

    @property
    def content(self):
        """Texts by the name of their file."""
        check_duplicated(self, self._conanfile)
        return _crom.call_with(self._conanfile, "qbs.deps", {})

    def generate(self):
        """Writes the files."""
        folder = os.path.join(self._conanfile.generators_folder, "conan-qbs-deps")
        for name, text in self.content.items():
            save(self._conanfile, os.path.join(folder, name), text)
