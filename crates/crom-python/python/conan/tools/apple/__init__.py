"""Apple's systems and tools."""
import _crom
from conan.tools.apple.apple import (XCRun, fix_apple_shared_install_name, is_apple_os,
                                     to_apple_arch)
from conan.tools.apple.xcodebuild import XcodeBuild

__all__ = ["XCRun", "XcodeBuild", "XcodeDeps", "XcodeToolchain", "fix_apple_shared_install_name",
           "is_apple_os", "to_apple_arch"]


class XcodeDeps:
    """Not done yet."""

    general_name = "conandeps.xcconfig"

    def __init__(self, conanfile):
        raise _crom.unsupported("conan.tools.apple.XcodeDeps")


class XcodeToolchain:
    """Not done yet."""

    filename = "conantoolchain"
    extension = ".xcconfig"

    def __init__(self, conanfile):
        raise _crom.unsupported("conan.tools.apple.XcodeToolchain")
