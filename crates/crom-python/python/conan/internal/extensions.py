"""Code that users keep in the home's ``extensions`` folder, and deployers from anywhere."""
import os
import _crom
from conan.errors import ConanException, CromUnsupported
from conan.internal.loader import load

# Executed files by path.
_loaded = {}


def module(path):
    """A Python file as a module of its own; modules beside it can be imported."""
    found = _loaded.get(path)
    if found is None:
        name = f"extension_{_crom.text_id(path)[:16]}"
        found = _loaded[path] = load(path, os.path.dirname(path), name)
    return found


def _home(*parts):
    return "/".join((_crom.home(), "extensions") + parts)


def plugin_file(*parts):
    """A file below ``extensions/plugins``; none if it isn't there."""
    path = _home("plugins", *parts)
    return path if os.path.isfile(path) else None


class _Hooks:
    """Files ``hook_*.py`` below ``extensions/hooks``, in the order of their paths."""

    def __init__(self):
        root = _home("hooks")
        self._hooks = []
        for folder, _, files in os.walk(root):
            for file in files:
                if file.startswith("hook_") and file.endswith(".py"):
                    path = f"{folder}/{file}"
                    self._hooks.append((path[len(root) + 1:], path))
        self._hooks.sort()

    def run(self, conanfile, point):
        for name, path in self._hooks:
            function = getattr(module(path), point, None)
            if function is not None:
                self._call(function, conanfile, f"[HOOK - {name}] {point}()")

    @staticmethod
    def _call(function, conanfile, title):
        output = conanfile.output
        scope = output.scope
        output.scope = f"{scope}: {title}" if scope else title
        try:
            function(conanfile=conanfile)
        except CromUnsupported:
            raise
        except Exception as error:
            raise ConanException(f"{title}: {error}") from error
        finally:
            output.scope = scope


_hooks = None


def run_hooks(conanfile, point):
    """Calls the function of this name of every hook."""
    global _hooks
    if _hooks is None:
        _hooks = _Hooks()
    _hooks.run(conanfile, point)


def generator(name):
    """The class of a generator in ``extensions/generators``; none if there is none."""
    folder = _home("generators")
    if not os.path.isdir(folder):
        return None
    for file in sorted(os.listdir(folder)):
        if file.endswith(".py"):
            found = getattr(module(f"{folder}/{file}"), name, None)
            if isinstance(found, type):
                return found
    return None


# Not looked for yet.
_wrapper = False


def wrap_command(command, conanfile):
    """What ``extensions/plugins/cmd_wrapper.py`` makes of a command."""
    global _wrapper
    if _wrapper is False:
        path = _home("plugins", "cmd_wrapper.py")
        _wrapper = module(path).cmd_wrapper if os.path.isfile(path) else None
    return command if _wrapper is None else _wrapper(command, conanfile=conanfile)
