"""Visual Studio, MSBuild and NMake."""
from conan.tools.microsoft.layout import vs_layout
from conan.tools.microsoft.msbuild import MSBuild
from conan.tools.microsoft.msbuilddeps import MSBuildDeps
from conan.tools.microsoft.nmakedeps import NMakeDeps
from conan.tools.microsoft.nmaketoolchain import NMakeToolchain
from conan.tools.microsoft.subsystems import unix_path, unix_path_package_info_legacy
from conan.tools.microsoft.toolchain import MSBuildToolchain
from conan.tools.microsoft.visual import (VCVars, check_min_vs, is_msvc, is_msvc_static_runtime,
                                          msvc_runtime_flag, msvs_toolset)

__all__ = ["MSBuild", "MSBuildDeps", "MSBuildToolchain", "NMakeDeps", "NMakeToolchain", "VCVars",
           "check_min_vs", "is_msvc", "is_msvc_static_runtime", "msvc_runtime_flag",
           "msvs_toolset", "unix_path", "unix_path_package_info_legacy", "vs_layout"]
