"""The Premake build helper"""
import os

import _crom


class Premake:
    """Runs ``premake5`` and then ``make`` or ``msbuild``."""

    filename = "conanfile.premake5.lua"

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.luafile = os.path.join(conanfile.source_folder, "premake5.lua")
        self.arguments = {}
        self.action = _crom.call_with(conanfile, "premake.action", {})

    def _call(self, name, **more):
        return _crom.call_with(self._conanfile, name, {
            "luafile": str(self.luafile), "arguments": self.arguments,
            "action": str(self.action), **more})

    def configure(self):
        """Runs ``premake5``."""
        self._conanfile.run(self._call("premake.configure"))

    def build(self, workspace, targets=None, configuration=None, msbuild_platform=None):
        """Builds a workspace."""
        self._conanfile.run(self._call(
            "premake.build", workspace=workspace, targets=targets,
            configuration=None if configuration is None else str(configuration),
            msbuild_platform=msbuild_platform))
