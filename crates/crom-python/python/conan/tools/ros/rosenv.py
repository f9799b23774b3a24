"""ROSEnv"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.env import Environment


class ROSEnv:
    """``conanrosenv.sh``, to be sourced before ``colcon build``."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.variables = _crom.call_with(conanfile, "ros.variables", {})
        self._wrapper_script_file = "conanrosenv"

    def generate(self):
        """Writes the scripts."""
        check_duplicated(self, self._conanfile)
        environment = Environment()
        for name, value in self.variables.items():
            environment.define(name, value)
        environment.vars(self._conanfile, "build").save_script("conanrosenv-build")
        _crom.call_with(self._conanfile, "ros.scripts", {})
