"""PremakeToolchain"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.premake.premakedeps import PREMAKE_ROOT_FILE

_FLAGS = ("extra_cxxflags", "extra_cflags", "extra_ldflags", "extra_defines")


class _Flags:
    def __init__(self):
        self.extra_cxxflags = []
        self.extra_cflags = []
        self.extra_ldflags = []
        self.extra_defines = []

    def _flags(self):
        return {name: getattr(self, name) for name in _FLAGS}


class _PremakeProject(_Flags):
    """What holds for one project only."""

    def __init__(self, name, conanfile):
        super().__init__()
        self._conanfile = conanfile
        self.name = name
        self.kind = None
        self.disable = False

    def _crom_data(self):
        return {**self._flags(), "kind": self.kind, "disable": bool(self.disable)}


class PremakeToolchain(_Flags):
    """``conantoolchain.premake5.lua``: settings, options and confs for Premake scripts."""

    filename = "conantoolchain.premake5.lua"

    def __init__(self, conanfile):
        super().__init__()
        self._conanfile = conanfile
        self._projects = {}

    def project(self, project_name):
        """What holds for one project only."""
        if project_name not in self._projects:
            self._projects[project_name] = _PremakeProject(project_name, self._conanfile)
        return self._projects[project_name]

    def generate(self):
        """Writes the file."""
        check_duplicated(self, self._conanfile)
        _crom.call_with(self._conanfile, "premake.toolchain", {
            **self._flags(), "projects": self._projects})
