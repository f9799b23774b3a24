"""Xcode and macOS."""
from conan.tools.apple.apple import (XCRun, fix_apple_shared_install_name, is_apple_os,
                                     to_apple_arch)
from conan.tools.apple.xcodebuild import XcodeBuild
from conan.tools.apple.xcodedeps import XcodeDeps
from conan.tools.apple.xcodetoolchain import XcodeToolchain

__all__ = ["XCRun", "XcodeBuild", "XcodeDeps", "XcodeToolchain",
           "fix_apple_shared_install_name", "is_apple_os", "to_apple_arch"]
