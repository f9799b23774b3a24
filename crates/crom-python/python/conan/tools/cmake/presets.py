"""Presets that CMakeToolchain has written."""

import json
import os

from conan.errors import ConanException


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
