"""XcodeDeps"""
import _crom
from conan.internal.generate import check_duplicated

GLOBAL_XCCONFIG_FILENAME = "conan_config.xcconfig"


class XcodeDeps:
    """``conandeps.xcconfig``: dependencies for Xcode projects."""

    general_name = "conandeps.xcconfig"

    def __init__(self, conanfile):
        self._conanfile = conanfile
        attributes = _crom.call_with(conanfile, "apple.new_deps", {})
        for name in ("configuration", "architecture", "os_version", "sdk", "sdk_version"):
            setattr(self, name, attributes[name])

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        _crom.call_with(self._conanfile, "apple.deps", {
            "configuration": str(self.configuration or ""), "architecture": self.architecture,
            "os_version": self.os_version, "sdk": self.sdk, "sdk_version": self.sdk_version})
