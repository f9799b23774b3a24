"""vs_layout"""
import os

from conan.errors import ConanException

_PLATFORMS = {"x86": "", "x86_64": "x64", "armv7": "ARM", "armv8": "ARM64"}


def vs_layout(conanfile):
    """The folders of a Visual Studio solution."""
    subproject = conanfile.folders.subproject or ""
    conanfile.folders.source = subproject or "."
    conanfile.folders.build = subproject or "."
    conanfile.folders.generators = os.path.join(subproject, "conan")
    conanfile.cpp.source.includedirs = ["include"]
    values = {}
    for name in ("build_type", "arch"):
        values[name] = conanfile.settings.get_safe(name)
        if name not in conanfile.settings.fields:
            raise ConanException(f"The 'vs_layout' requires the '{name}' setting")
    arch = values["arch"]
    if arch is not None and arch not in _PLATFORMS:
        raise ConanException(f"The 'vs_layout' doesn't work with the arch '{arch}'. "
                             f"Accepted architectures: 'x86', 'x86_64', 'armv7', 'armv8'")
    parts = [_PLATFORMS.get(arch, ""), values["build_type"] or ""]
    folder = os.path.join(*[part for part in parts if part])
    conanfile.cpp.build.libdirs = [folder]
    conanfile.cpp.build.bindirs = [folder]
