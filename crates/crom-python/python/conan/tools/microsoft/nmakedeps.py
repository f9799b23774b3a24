"""NMakeDeps"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.env.environment import from_data, save_script


class NMakeDeps:
    """Flags of dependencies, in the variables that ``cl`` and ``link`` read."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self._environment = None

    @property
    def environment(self):
        """The variables; changes to them hold for ``generate()``."""
        if self._environment is None:
            self._environment = from_data(
                _crom.call_with(self._conanfile, "microsoft.nmake_deps", {}))
        return self._environment

    def vars(self, scope="build"):
        """The variables with their values."""
        return self.environment.vars(self._conanfile, scope=scope)

    def generate(self, scope="build"):
        """Writes the scripts."""
        check_duplicated(self, self._conanfile)
        save_script(self._conanfile, self.environment, scope, "conannmakedeps")


def format_defines(defines, toolchain=False):
    """Options of ``cl`` for definitions; texts get quotes, escaped ones for the toolchain."""
    return _crom.call("microsoft.format_defines", {"defines": [str(it) for it in defines],
                                                   "toolchain": bool(toolchain)})
