"""Arguments between ``generate()`` and ``build()``."""
import os

import _crom

CONAN_TOOLCHAIN_ARGS_FILE = "conanbuild.conf"
CONAN_TOOLCHAIN_ARGS_SECTION = "toolchain"


def use_win_mingw(conanfile):
    """Is ``mingw32-make`` the make program?"""
    return _crom.call_with(conanfile, "build.use_win_mingw", {})


def cmd_args_to_string(args):
    """Arguments joined for the shell, with quotes where it needs them."""
    return _crom.call("build.cmd_args_to_string", {"args": list(args or [])})


def load_toolchain_args(generators_folder=None, namespace=None):
    """The arguments that a toolchain saved."""
    return _crom.call("build.load_toolchain_args",
                      {"folder": generators_folder or os.getcwd(), "shown": generators_folder,
                       "namespace": namespace})


def save_toolchain_args(content, generators_folder=None, namespace=None):
    """Saves arguments for the build helpers."""
    _crom.call("build.save_toolchain_args",
               {"content": {name: "" if value is None else str(value)
                            for name, value in content.items()},
                "folder": generators_folder or os.getcwd(), "namespace": namespace})
