"""Folders of ``self.cpp.package`` for the tools."""


def package_layout(conanfile):
    """Where ``layout()`` wants files in the package."""
    info = conanfile.cpp.package
    return {name: list(getattr(info, name, None) or [])
            for name in ("includedirs", "libdirs", "bindirs", "resdirs")}
