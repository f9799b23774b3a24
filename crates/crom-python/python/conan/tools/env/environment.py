"""Scripts and their scopes."""
import os

import _crom
from _crom import Environment, ProfileEnvironment
from conan.internal.model.environment import EnvVars

__all__ = ["Environment", "EnvVars", "ProfileEnvironment", "create_env_script",
           "register_env_script", "generate_aggregated_env", "generate_ps1"]


def from_data(data):
    """An environment from what the tools hand over: variables with their pieces in order, where
    ``Previous`` stands for what a variable had before."""
    environment = Environment()
    for name, variable in data["variables"].items():
        pieces = variable["items"]
        texts = [piece["Text"] if isinstance(piece, dict) else None for piece in pieces]
        is_path = variable["is_path"]
        if not texts:
            environment.unset(name)
        elif None not in texts:
            if is_path:
                environment.define_path(name, texts)
            else:
                environment.define(name, texts, variable["separator"])
        else:
            at = texts.index(None)
            before, after = texts[:at], texts[at + 1:]
            if is_path:
                environment.prepend_path(name, before)
                environment.append_path(name, after)
            else:
                environment.prepend(name, before, variable["separator"])
                environment.append(name, after, variable["separator"])
    return environment


def save_script(conanfile, environment, scope, filename, dotenv=None):
    """Writes the scripts of an environment and registers them for their scope."""
    paths = _crom.call_with(conanfile, "env.save_script",
                            {"environment": environment, "file": filename, "scope": scope,
                             "dotenv": dotenv})
    for path in paths:
        register_env_script(conanfile, path, scope)


def create_env_script(conanfile, content, filename, scope="build"):
    """Writes a script of one's own and registers it for a scope."""
    path = os.path.join(conanfile.generators_folder, filename)
    _crom.call_with(conanfile, "env.write", {"file": path, "content": content})
    if scope:
        register_env_script(conanfile, path, scope)


def register_env_script(conanfile, env_script_path, scope="build"):
    """Makes ``conan<scope>`` run a script too."""
    scripts = conanfile.env_scripts.setdefault(scope, [])
    if env_script_path not in scripts:
        scripts.append(env_script_path)


def generate_aggregated_env(conanfile):
    """Writes ``conanbuild`` and friends, which run the registered scripts."""
    names = _crom.call_with(conanfile, "env.generate_aggregated", {"scripts": conanfile.env_scripts})
    if names:
        conanfile.output.highlight("Generating aggregated env files")
        conanfile.output.info(f"Generated aggregated env files: {names}")


def generate_ps1(conanfile):
    """Are scripts for PowerShell written, too? For conanfiles in the user's folder, and for all
    packages with the conf ``tools.env.virtualenv:powershell``."""
    return _crom.call_with(conanfile, "env.wants_ps1", {})


RECIPE_CONSUMER = "Consumer"
RECIPE_EDITABLE = "Editable"
WINDOWS = "windows"


def environment_wrap_command(conanfile, env_filenames, env_folder, cmd, subsystem=None,
                             accepted_extensions=None):
    """The command with the environment scripts that are there in front."""
    if isinstance(env_filenames, str):
        env_filenames = [env_filenames]
    return _crom.wrap_command(conanfile, cmd, list(env_filenames or []), env_folder, "build")
