"""IntelCC"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.env.environment import register_env_script


class IntelCC:
    """The environment of oneAPI."""

    filename = "conanintelsetvars"

    def __init__(self, conanfile):
        self._conanfile = conanfile
        _crom.call_with(conanfile, "intel.check", {})
        self.arch = conanfile.settings.get_safe("arch")

    @property
    def ms_toolset(self):
        """Visual Studio's name of the toolset."""
        return _crom.call_with(self._conanfile, "intel.ms_toolset", {})

    @property
    def command(self):
        """The call of oneAPI's own script."""
        return _crom.call_with(self._conanfile, "intel.command", {})

    @property
    def installation_path(self):
        """Where oneAPI is."""
        return _crom.call_with(self._conanfile, "intel.installation_path", {})

    def generate(self, scope=None):
        """Writes the script and registers it for an environment."""
        check_duplicated(self, self._conanfile)
        path = _crom.call_with(self._conanfile, "intel.script", {})
        register_env_script(self._conanfile, path, scope or "build")


def intel_cc_compilers(conanfile):
    """``c`` and ``cpp`` of Intel's compilers, by ``compiler.mode``."""
    return _crom.call_with(conanfile, "intel.compilers", {})
