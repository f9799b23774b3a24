"""PremakeDeps"""
import os

import _crom
from conan.internal.generate import check_duplicated
from conan.tools.files import save

PREMAKE_ROOT_FILE = "conandeps.premake5.lua"
PREMAKE_CONFIG_ROOT_FILE = "conanconfig.premake5.lua"


class PremakeDeps:
    """Dependencies for Premake scripts."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.tab = "    "
        self.output_files = {}
        self.configuration = conanfile.settings.build_type
        self.architecture = conanfile.settings.arch

    @property
    def content(self):
        """Texts by the name of their file."""
        check_duplicated(self, self._conanfile)
        self.output_files = _crom.call_with(self._conanfile, "premake.deps", {
            "configuration": str(self.configuration), "architecture": str(self.architecture)})
        return self.output_files

    def generate(self):
        """Writes the files."""
        folder = self._conanfile.generators_folder
        for name, text in self.content.items():
            save(self._conanfile, os.path.join(folder, name), text)
