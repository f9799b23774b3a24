"""NMakeToolchain"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.env.environment import from_data, save_script


class NMakeToolchain:
    """Flags in the variables that ``cl`` and ``link`` read."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.extra_cflags = []
        self.extra_cxxflags = []
        self.extra_ldflags = []
        self.extra_defines = []

    def environment(self):
        """The variables. To change them: ``generate(env)``."""
        return from_data(_crom.call_with(self._conanfile, "microsoft.nmake_toolchain", {
            "extra_cflags": self.extra_cflags, "extra_cxxflags": self.extra_cxxflags,
            "extra_ldflags": self.extra_ldflags, "extra_defines": self.extra_defines}))

    def vars(self):
        """The variables with their values."""
        return self.environment().vars(self._conanfile, scope="build")

    def generate(self, env=None, scope="build"):
        """Writes the scripts."""
        check_duplicated(self, self._conanfile)
        from conan.tools.microsoft.visual import VCVars
        save_script(self._conanfile, env or self.environment(), scope, "conannmaketoolchain")
        VCVars(self._conanfile).generate(scope=scope)
