"""Facts about msvc, and the environment of Visual Studio"""
import _crom
from conan.tools.env.environment import register_env_script


def is_msvc(conanfile, build_context=False):
    """Is the compiler msvc?"""
    settings = conanfile.settings_build if build_context else conanfile.settings
    return settings.get_safe("compiler") == "msvc"


def is_msvc_static_runtime(conanfile):
    """Is the compiler msvc with its static runtime?"""
    return is_msvc(conanfile) and "MT" in msvc_runtime_flag(conanfile)


def msvc_runtime_flag(conanfile):
    """``MD``, ``MDd``, ``MT`` or ``MTd``; empty for compilers without it."""
    return _crom.call_with(conanfile, "microsoft.msvc_runtime_flag", {})


def check_min_vs(conanfile, version, raise_invalid=True):
    """An invalid configuration (or False) if msvc is older than ``193`` or ``193.1``."""
    return _crom.call_with(conanfile, "microsoft.check_min_vs",
                           {"version": str(version), "raise_invalid": bool(raise_invalid)})


def msvs_toolset(conanfile):
    """MSBuild's ``PlatformToolset`` for the compiler, or None."""
    return _crom.call_with(conanfile, "microsoft.msvs_toolset", {})


class VCVars:
    """``conanvcvars.bat``, which brings the environment of Visual Studio up."""

    def __init__(self, conanfile):
        self._conanfile = conanfile

    def generate(self, scope="build"):
        """Writes the script where Windows builds with msvc; nothing elsewhere."""
        for path in _crom.call_with(self._conanfile, "microsoft.vcvars", {}):
            register_env_script(self._conanfile, path, scope)


CONAN_VCVARS = "conanvcvars"


def msvc_version_to_vs_ide_version(version):
    """``17`` for ``193``"""
    return _crom.call("microsoft.names", {"version": str(version)})["ide"]


def msvc_version_to_toolset_version(version):
    """``v143`` for ``193``"""
    return _crom.call("microsoft.names", {"version": str(version)})["toolset"]


def msvc_platform_from_arch(arch):
    """``x64`` for ``x86_64``"""
    return _crom.call("microsoft.names", {"arch": str(arch)})["platform"]


def vs_ide_version(conanfile):
    """The version of Visual Studio that is to be used."""
    asked = conanfile.conf.get("tools.microsoft.msbuild:vs_version")
    return asked or msvc_version_to_vs_ide_version(conanfile.settings.get_safe("compiler.version"))


def vcvars_command(version, architecture=None, platform_type=None, winsdk_version=None,
                   vcvars_ver=None, start_dir_cd=True, vs_install_path=None):
    """The command for ``cmd`` that brings the environment of Visual Studio up."""
    def text(value):
        return None if value is None else str(value)
    command = {"version": str(version), "architecture": text(architecture),
               "platform_type": text(platform_type), "winsdk_version": text(winsdk_version),
               "vcvars_ver": text(vcvars_ver), "start_dir_cd": bool(start_dir_cd)}
    return _crom.call("microsoft.vcvars_command", {"command": command,
                                                   "vs_install_path": text(vs_install_path)})
