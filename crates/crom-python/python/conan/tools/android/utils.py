"""Android's names"""
from conan.errors import ConanException

_ABIS = {"armv5el": "armeabi", "armv5hf": "armeabi", "armv5": "armeabi", "armv6": "armeabi-v6",
         "armv7": "armeabi-v7a", "armv7hf": "armeabi-v7a", "armv8": "arm64-v8a"}


def android_abi(conanfile, context="host"):
    """Android's name of an architecture: ``arm64-v8a``."""
    if context not in ("host", "build", "target"):
        raise ConanException(f"context argument must be either 'host', 'build' or 'target', "
                             f"was '{context}'")
    settings = {"host": conanfile.settings, "build": conanfile.settings_build,
                "target": getattr(conanfile, "settings_target", None)}[context]
    if settings is None:
        raise ConanException(f"settings_{context}=None in recipe")
    arch = settings.get_safe("arch")
    return _ABIS.get(arch, arch)
