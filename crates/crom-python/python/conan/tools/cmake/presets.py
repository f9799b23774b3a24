"""Presets that CMakeToolchain has written."""

import json
import os

from conan.errors import ConanException
from conan.tools.cmake._bridge import call, show


def load_cmake_presets(folder):
    """The content of CMakePresets.json in a folder."""
    path = os.path.join(folder, "CMakePresets.json")
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        raise ConanException(f"CMakePresets.json was not found in {folder} folder. Check that you "
                             "are using CMakeToolchain as generator to ensure its correct "
                             "initialization.")


def write_cmake_presets(conanfile, toolchain_file, generator, cache_variables,
                        user_presets_path=None, preset_prefix=None, buildenv=None, runenv=None,
                        cmake_executable=None, absolute_paths=None):
    """Writes CMakePresets.json, and CMakeUserPresets.json where the project is."""
    reference = "$penv{{{name}}}"

    def variables(environment):
        return dict(environment.items(variable_reference=reference)) if environment else {}

    cached = dict(cache_variables)
    cached.setdefault("CMAKE_TOOLCHAIN_FILE", toolchain_file)
    show(conanfile, call(conanfile, "cmake.presets.write", {
        "build_folder_vars": conanfile.folders.build_folder_vars,
        "presets": {"generator": generator, "cache_variables": cached,
                    "prefix": preset_prefix or "", "build_environment": variables(buildenv),
                    "run_environment": variables(runenv), "absolute_paths": bool(absolute_paths),
                    "cmake_of_tool": cmake_executable,
                    "user_presets_path": user_presets_path or False}}))
