"""Patches."""
import os

import _crom
from conan.tools.files.files import save

DATA_YML = "conandata.yml"


def patch(conanfile, base_path=None, patch_file=None, patch_string=None, strip=0, fuzz=False,
          **kwargs):
    """Applies a patch of a file or a text. More arguments describe it."""
    _crom.call_with(conanfile, "files.patch", {
        "base_path": base_path, "patch_file": patch_file, "patch_string": patch_string,
        "strip": int(strip), "fuzz": bool(fuzz), "patch_type": kwargs.get("patch_type"),
        "patch_description": kwargs.get("patch_description"),
        "patch_source": kwargs.get("patch_source")})


def apply_conandata_patches(conanfile):
    """Applies the patches that conandata.yml has for this version."""
    _crom.call_with(conanfile, "files.apply_conandata_patches", {})


def export_conandata_patches(conanfile):
    """Exports the patch files that conandata.yml has for this version."""
    changed = _crom.call_with(conanfile, "files.export_conandata_patches", {})
    if changed is not None:
        conanfile.conan_data = changed
        text = _crom.yaml_dump(changed, True, False, None)
        save(conanfile, os.path.join(conanfile.export_folder, DATA_YML), text)


class PatchLogHandler:
    """What a library for patches logs becomes a recipe's output."""

    def __init__(self, scoped_output, patch_file):
        self._scoped_output = scoped_output
        self.patchname = patch_file or "patch_ng"
        self.level = 10

    def emit(self, record):
        text = f"{self.patchname}: {record.getMessage()}"
        if record.levelname in ("ERROR", "CRITICAL"):
            self._scoped_output.error(text)
        elif record.levelname in ("WARN", "WARNING"):
            self._scoped_output.warning(text)
        else:
            self._scoped_output.info(text)

    handle = emit
