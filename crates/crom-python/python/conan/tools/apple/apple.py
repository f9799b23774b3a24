"""Facts about Apple's systems, and XCRun"""
import os
from io import StringIO

import _crom


def is_apple_os(conanfile, build_context=False):
    """Is it macOS, iOS and so on?"""
    settings = conanfile.settings_build if build_context else conanfile.settings
    return _crom.call("apple.is_apple_os", {"os": settings.get_safe("os")})


def to_apple_arch(conanfile, default=None):
    """Apple's name of the architecture: ``arm64``."""
    found = _crom.call("apple.arch", {"arch": conanfile.settings.get_safe("arch")})
    return default if found is None else found


class XCRun:
    """Asks ``xcrun`` for programs and SDKs."""

    def __init__(self, conanfile, sdk=None, use_settings_target=False):
        self._conanfile = conanfile
        self.settings = conanfile.settings
        if use_settings_target and conanfile.settings_target is not None:
            self.settings = conanfile.settings_target
        self.sdk = sdk
        if sdk is None and self.settings.get_safe("os"):
            self.sdk = _crom.call_with(conanfile, "apple.sdk", {})

    def _ask(self, args):
        command = ["xcrun"]
        if self.sdk:
            command += ["-sdk", self.sdk]
        output = StringIO()
        self._conanfile.run(" ".join(command + args), stdout=output, quiet=True)
        return output.getvalue().strip()

    def find(self, tool):
        """The path of a program."""
        return self._ask(["--find", tool])

    @property
    def sdk_path(self):
        return self._ask(["--show-sdk-path"])

    @property
    def sdk_version(self):
        return self._ask(["--show-sdk-version"])

    @property
    def sdk_platform_path(self):
        return self._ask(["--show-sdk-platform-path"])

    @property
    def sdk_platform_version(self):
        return self._ask(["--show-sdk-platform-version"])

    @property
    def cc(self):
        return self.find("clang")

    @property
    def cxx(self):
        return self.find("clang++")

    @property
    def ar(self):
        return self.find("ar")

    @property
    def ranlib(self):
        return self.find("ranlib")

    @property
    def strip(self):
        return self.find("strip")

    @property
    def libtool(self):
        return self.find("libtool")

    @property
    def otool(self):
        return self.find("otool")

    @property
    def install_name_tool(self):
        return self.find("install_name_tool")


def fix_apple_shared_install_name(conanfile):
    """Makes the dynamic libraries of the package relocatable; nothing on other systems."""
    if not is_apple_os(conanfile):
        return
    xcrun = XCRun(conanfile)
    libraries = []
    folders = [os.path.join(conanfile.package_folder, name)
               for name in getattr(conanfile.cpp.package, "libdirs", None) or ["lib"]]
    for folder in folders:
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if name.endswith(".dylib") and not os.path.islink(path):
                libraries.append({"path": path, "id": _answer(conanfile, xcrun.otool, "-D", path),
                                  "dependencies": _answer(conanfile, xcrun.otool, "-L", path)})
    for args in _crom.call("apple.install_names", {"libraries": libraries}):
        quoted = " ".join(f'"{arg}"' for arg in args)
        conanfile.run(f"{xcrun.install_name_tool} {quoted}")


def _answer(conanfile, program, option, path):
    output = StringIO()
    conanfile.run(f'{program} {option} "{path}"', stdout=output, quiet=True)
    return output.getvalue()


#: Between the architectures of a universal binary: ``armv8|x86_64``
universal_arch_separator = "|"


def get_apple_sdk_fullname(conanfile):
    """``iphoneos15.1``"""
    return _crom.call_with(conanfile, "apple.sdk", {})


def apple_min_version_flag(conanfile):
    """``-mmacosx-version-min=11.0``"""
    return _crom.call_with(conanfile, "apple.flags", {"cross": False})["min_version"]


def apple_sdk_path(conanfile, is_cross_building=True):
    """``tools.apple:sdk_path``, or what ``xcrun`` says."""
    path = conanfile.conf.get("tools.apple:sdk_path")
    if path or not is_cross_building:
        return path or None
    return XCRun(conanfile).sdk_path


def apple_extra_flags(conanfile):
    """Flags for bitcode and visibility."""
    return _crom.call_with(conanfile, "apple.flags", {"cross": False})["extra"]


def resolve_apple_flags(conanfile, is_cross_building=False, is_universal=False):
    """Flags of minimum version, architecture and SDK."""
    flags = _crom.call_with(conanfile, "apple.flags", {"cross": bool(is_cross_building)})
    return flags["min_version_flag"], flags["arch_flag"], flags["sdk_flag"]


def xcodebuild_deployment_target_key(os_name):
    """``MACOSX_DEPLOYMENT_TARGET``"""
    return _crom.call("apple.deployment_target_key", {"os": os_name})
