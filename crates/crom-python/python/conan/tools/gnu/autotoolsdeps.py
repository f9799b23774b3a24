"""AutotoolsDeps"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.env.environment import from_data, save_script


class AutotoolsDeps:
    """Flags of dependencies, in the environment."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self._environment = None

    @property
    def ordered_deps(self):
        """Dependencies of the host context, dependents first."""
        deps = self._conanfile.dependencies.host.topological_sort
        return list(reversed(list(deps.values())))

    @property
    def environment(self):
        """The variables; changes to them hold for ``generate()``."""
        if self._environment is None:
            self._environment = from_data(
                _crom.call_with(self._conanfile, "gnu.autotools_deps", {}))
        return self._environment

    def vars(self, scope="build"):
        """The variables with their values."""
        return self.environment.vars(self._conanfile, scope=scope)

    def generate(self, scope="build"):
        """Writes the scripts."""
        check_duplicated(self, self._conanfile)
        save_script(self._conanfile, self.environment, scope, "conanautotoolsdeps")
