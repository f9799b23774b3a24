"""Plugins of the home that its user wrote or changed."""
from conan.errors import ConanException, CromUnsupported
from conan.internal.extensions import module

# What a profile has besides, and plugins can't reach.
_UNREACHABLE = ("buildenv", "runenv", "tool_requires", "replace_requires", "replace_tool_requires",
                "platform_requires", "platform_tool_requires", "runner")


class Profile:
    """The profile that a plugin checks and completes."""

    def __init__(self, settings, package_settings, options, conf):
        self.settings = settings
        self.package_settings = package_settings
        self.options = options
        self.conf = conf

    def __getattr__(self, name):
        if name in _UNREACHABLE:
            raise CromUnsupported(f"profile.{name} in the plugin 'profile.py' is not supported "
                                  f"by Crom yet")
        raise AttributeError(f"'Profile' object has no attribute '{name}'")


def profile(path, settings, package_settings, options, conf):
    """Runs ``profile_plugin(profile)``; returns the settings as they are then."""
    made = Profile(settings, package_settings, options, conf)
    function = getattr(module(path), "profile_plugin", None)
    if function is not None:
        function(made)
    return dict(made.settings), {pattern: dict(it) for pattern, it in made.package_settings.items()}


def compatibility(path, conanfile):
    """Runs ``compatibility(conanfile)``."""
    function = getattr(module(path), "compatibility", None)
    if function is None:
        raise ConanException(f"'{path}' has no function 'compatibility'")
    return function(conanfile)
