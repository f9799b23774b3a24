"""XcodeToolchain"""
import _crom
from conan.internal.generate import check_duplicated

GLOBAL_XCCONFIG_FILENAME = "conan_config.xcconfig"

_ATTRIBUTES = ("architecture", "configuration", "libcxx", "os_version", "build_settings")


class XcodeToolchain:
    """``conantoolchain.xcconfig``: settings and confs for Xcode projects."""

    filename = "conantoolchain"
    extension = ".xcconfig"

    def __init__(self, conanfile):
        self._conanfile = conanfile
        attributes = _crom.call_with(conanfile, "apple.new_toolchain", {})
        for name in _ATTRIBUTES:
            setattr(self, name, attributes[name])

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        _crom.call_with(self._conanfile, "apple.toolchain",
                        {name: getattr(self, name) for name in _ATTRIBUTES})
