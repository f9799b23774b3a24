"""One CPS file"""
import json
import os

import _crom


class CPS:
    """A package as the Common Package Specification describes it."""

    def __init__(self, name=None, version=None):
        self._data = {"cps_version": "0.13.0"}
        if name is not None:
            self._data["name"] = name
        if version is not None:
            self._data["version"] = version

    def __getattr__(self, attribute):
        if attribute in ("default_components", "configurations"):
            return self._data.setdefault(attribute, [])
        if attribute in ("components", "requires"):
            return self._data.setdefault(attribute, {})
        if attribute in ("name", "version", "description", "license", "website", "prefix"):
            return self._data.get(attribute)
        raise AttributeError(attribute)

    def serialize(self):
        """The content as a dictionary."""
        return self._data

    @staticmethod
    def deserialize(data):
        """From a dictionary."""
        result = CPS()
        result._data = dict(data)
        return result

    def save(self, folder):
        """Writes ``<name>.cps`` into a folder, and gives its path."""
        path = os.path.join(folder, f"{self.name}.cps")
        os.makedirs(folder, exist_ok=True)
        with open(path, "w") as file:
            file.write(json.dumps(self._data, indent=2))
        return path

    @staticmethod
    def load(file):
        """A file, and those of its configurations beside it (``name@release.cps``)."""
        with open(file) as opened:
            result = CPS.deserialize(json.loads(opened.read()))
        folder, name = os.path.split(str(file))
        stem = os.path.splitext(name)[0]
        for other in sorted(os.listdir(folder or ".")):
            if other.startswith(f"{stem}@") and other.endswith(".cps"):
                with open(os.path.join(folder, other)) as opened:
                    result._merge(json.loads(opened.read()))
        return result

    def _merge(self, configuration):
        name = configuration.get("configuration", "").lower()
        if name and name not in self.configurations:
            self.configurations.append(name)
        for component, values in configuration.get("components", {}).items():
            self.components.setdefault(component, {}).update(values)

    def to_conan(self, config=None):
        """The content as ``cpp_info``."""
        from conan.internal.model.cpp_info import CppInfo
        return CppInfo._from_data(_crom.call("cps.to_cpp_info", {"cps": self._data}))
