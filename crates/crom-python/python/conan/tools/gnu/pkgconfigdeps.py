"""PkgConfigDeps"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.gnu.reporting import report


class PkgConfigDeps:
    """``.pc`` files for dependencies."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.build_context_activated = []
        self.build_context_suffix = {}
        self.build_context_folder = None
        self._properties = {}

    def set_property(self, dep, prop, value):
        """Overrides a property of a dependency (``dep`` or ``dep::component``)."""
        self._properties.setdefault(str(dep), {})[prop] = value

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        report(self._conanfile, _crom.call_with(self._conanfile, "gnu.pkg_config_deps", {
            "build_context_activated": self.build_context_activated,
            "build_context_suffix": self.build_context_suffix,
            "build_context_folder": self.build_context_folder,
            "properties": self._properties}))
