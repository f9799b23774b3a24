"""The exported conandata.yml."""
import _crom


def update_conandata(conanfile, data):
    """Adds data to the exported file."""
    text = _crom.yaml_dump(data, True, False, None)
    _crom.call_with(conanfile, "files.update_conandata", {"yaml": text})


def trim_conandata(conanfile, raise_if_missing=True):
    """Leaves only what this version needs in the exported file."""
    trimmed = _crom.call_with(conanfile, "files.trim_conandata",
                              {"raise_if_missing": bool(raise_if_missing)})
    if trimmed is not None:
        conanfile.conan_data = _crom.yaml_load(trimmed)
