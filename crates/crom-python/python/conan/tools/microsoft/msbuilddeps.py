"""MSBuildDeps"""
import _crom
from conan.internal.generate import check_duplicated


class MSBuildDeps:
    """Property sheets for dependencies."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.configuration = conanfile.settings.get_safe("build_type")
        self.configuration_key = "Configuration"
        self.platform = _crom.call_with(conanfile, "microsoft.platform", {})
        self.platform_key = "Platform"
        self.exclude_code_analysis = conanfile.conf.get(
            "tools.microsoft.msbuilddeps:exclude_code_analysis", check_type=list)

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        _crom.call_with(self._conanfile, "microsoft.deps", {
            "configuration": str(self.configuration or ""),
            "configuration_key": self.configuration_key,
            "platform": None if self.platform is None else str(self.platform),
            "platform_key": self.platform_key,
            "exclude_code_analysis": self.exclude_code_analysis})
