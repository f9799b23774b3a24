"""Plugins of the home that its user wrote or changed."""
from conan.errors import ConanException, CromUnsupported
from conan.internal.extensions import module, plugin_file
from conan.internal.model.recipe_ref import PkgReference, RecipeReference

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


class Remote:
    """What an authentication plugin is told of a remote."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __str__(self):
        return (f"{self.name}: {self.url} [Verify SSL: {self.verify_ssl}, "
                f"Enabled: {not self.disabled}]")

    __repr__ = __str__


def auth_remote(path, arguments):
    """Runs ``auth_remote_plugin(remote, user)``; no answer without that function."""
    function = getattr(module(path), "auth_remote_plugin", None)
    if function is None:
        return []
    user, password = function(Remote(**arguments["remote"]), user=arguments["user"])
    return [[user, password]]


def auth_source(path, arguments):
    """Runs ``auth_source_plugin(url)``; no answer without that function."""
    function = getattr(module(path), "auth_source_plugin", None)
    return [] if function is None else [function(arguments["url"])]


def source_credentials(url):
    """What ``extensions/plugins/auth_source.py`` says of a URL, or of each of several."""
    path = plugin_file("auth_source.py")
    if path is None:
        return []
    found = []
    for one in [url] if isinstance(url, str) else url:
        try:
            answer = auth_source(path, {"url": one})
        except CromUnsupported:
            raise
        except Exception as error:
            raise ConanException(f"Error while processing 'auth_source.py' plugin: "
                                 f"{type(error).__name__}: {error}") from error
        if answer and answer[0]:
            found.append({**answer[0], "url": one})
    return found


def _reference(text):
    return PkgReference.loads(text) if ":" in text else RecipeReference.loads(text)


def _own_words(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except CromUnsupported:
        raise
    except Exception as error:
        raise ConanException(str(error)) from error


def sign(path, arguments):
    """Runs ``sign()``; no answer without that function."""
    function = getattr(module(path), "sign", None)
    if function is None:
        return []
    answer = _own_words(function, _reference(arguments["reference"]),
                        artifacts_folder=arguments["artifacts_folder"],
                        signature_folder=arguments["signature_folder"])
    return [answer]


def verify(path, arguments):
    """Runs ``verify()``; no answer without that function."""
    function = getattr(module(path), "verify", None)
    if function is None:
        return []
    _own_words(function, _reference(arguments["reference"]),
               artifacts_folder=arguments["artifacts_folder"],
               signature_folder=arguments["signature_folder"], files=arguments["files"])
    return [None]
