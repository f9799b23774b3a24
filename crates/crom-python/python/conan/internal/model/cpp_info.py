"""``self.cpp_info``: lists that recipes append to, and components by name. What needs an algorithm is
computed by Rust on the same content as data."""
import _crom
from conan.errors import ConanException

_DIRS = ("includedirs", "srcdirs", "libdirs", "resdirs", "bindirs", "builddirs", "frameworkdirs")
_LISTS = _DIRS + ("objects", "system_libs", "frameworks", "libs", "defines", "cflags", "cxxflags",
                  "sharedlinkflags", "exelinkflags", "sources")
_SCALARS = ("sysroot", "exe", "type", "location", "link_location", "languages",
            "package_framework")
_DEFAULT_DIRS = {"includedirs": "include", "libdirs": "lib", "bindirs": "bin"}


class MockInfoProperty:
    """Attributes of Conan 1 (``cpp_info.names``, ``env_info``) that are accepted and ignored."""

    counter = {}

    def __init__(self, name):
        self._message = name

    def _used(self):
        _crom.note_deprecated(self._message)

    def __getitem__(self, key):
        self._used()
        return []

    def __setitem__(self, key, value):
        self._used()

    def __getattr__(self, attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        self._used()
        return []

    def __setattr__(self, attribute, value):
        if attribute != "_message":
            self._used()
        return object.__setattr__(self, attribute, value)


def _list_property(name):
    attribute = "_" + name

    def read(self):
        value = self.__dict__.get(attribute)
        if value is None:
            value = self.__dict__[attribute] = []
        return value

    def write(self, value):
        self.__dict__[attribute] = value

    return property(read, write)


def _scalar_property(name):
    attribute = "_" + name

    def read(self):
        return self.__dict__.get(attribute)

    def write(self, value):
        self.__dict__[attribute] = value

    return property(read, write)


def _single_dir_property(name):
    plural = name + "s"

    def read(self):
        values = getattr(self, plural)
        if not isinstance(values, (list, tuple)):
            raise ConanException(f"The {name} property is undefined because {plural} is not a list.")
        if len(values) > 1:
            raise ConanException(f"The {name} property is undefined because {plural} has more than "
                                 f"one element. Consider using the {plural} property.")
        if not values:
            raise ConanException(f"The {name} property is undefined because {plural} is empty.")
        return values[0]

    return property(read)


class _Component:
    """One component, or the package as a whole."""

    def __init__(self, set_defaults=False):
        # Direct requirements that no `requires` has to name.
        self.ignored_requires = []
        if set_defaults:
            for name, folder in _DEFAULT_DIRS.items():
                self.__dict__["_" + name] = [folder]

    @property
    def names(self):
        return MockInfoProperty("cpp_info.names")

    @names.setter
    def names(self, value):
        self.names._used()

    @property
    def filenames(self):
        return MockInfoProperty("cpp_info.filenames")

    @filenames.setter
    def filenames(self, value):
        self.filenames._used()

    @property
    def build_modules(self):
        return MockInfoProperty("cpp_info.build_modules")

    @build_modules.setter
    def build_modules(self, value):
        self.build_modules._used()

    @property
    def required_component_names(self):
        """Names of required components of the same package."""
        return [it for it in self.requires if "::" not in it]

    def set_property(self, property_name, value):
        properties = self.__dict__.get("_properties")
        if properties is None:
            properties = self.__dict__["_properties"] = {}
        properties[property_name] = value

    def get_property(self, property_name, check_type=None):
        properties = self.__dict__.get("_properties")
        if not properties or property_name not in properties:
            return None
        value = properties[property_name]
        if check_type is not None and not isinstance(value, check_type):
            raise ConanException(f'The expected type for {property_name} is '
                                 f'"{check_type.__name__}", but "{type(value).__name__}" was found')
        return value

    def parsed_requires(self):
        return [tuple(it.split("::", 1)) if "::" in it else (None, it) for it in self.requires]

    def serialize(self):
        return _crom.cpp_info("serialize_component", self._crom_data())

    def _crom_data(self):
        data = {}
        for key, value in self.__dict__.items():
            if value is not None and key[0] == "_":
                name = key[1:]
                if name in _TEXT_LISTS:
                    value = [value] if isinstance(value, str) else [str(it) for it in value]
                elif name == "sysroot" and isinstance(value, (list, tuple)):
                    value = " ".join(str(it) for it in value)
                elif name in _SCALARS and name not in ("languages", "package_framework"):
                    value = str(value)
                elif name == "languages":
                    value = [value] if isinstance(value, str) else [str(it) for it in value]
                data[name] = value
        return data

    def _apply(self, operation, argument=None):
        """Does on the component what Rust does on a whole package."""
        whole = {"root": self._crom_data(), "components": {}, "default_components": None,
                 "defaults": False}
        data = _crom.cpp_info(operation, whole, argument)["root"]
        for name in [key for key in self.__dict__ if key[0] == "_"]:
            del self.__dict__[name]
        self.__dict__.update(_Component._from_data(data).__dict__)

    def merge(self, other, overwrite=False):
        whole = {"root": other._crom_data(), "components": {}, "default_components": None,
                 "defaults": False}
        self._apply("overwrite" if overwrite else "merge", whole)

    def clone(self):
        return _Component._from_data(self._crom_data())

    def get_init(self, attribute, default):
        if self.__dict__.get("_" + attribute) is None:
            self.__dict__["_" + attribute] = default
        return self.__dict__["_" + attribute]

    def set_relative_base_folder(self, folder):
        self._apply("set_relative_base_folder", str(folder))

    def deploy_base_folder(self, package_folder, deploy_folder):
        self._apply("deploy_base_folder", [str(package_folder), str(deploy_folder)])

    @staticmethod
    def deserialize(contents):
        return CppInfo().deserialize({"root": contents})._package

    @classmethod
    def _from_data(cls, data):
        result = cls()
        for name, value in data.items():
            if value is not None:
                result.__dict__["_" + name] = value
        return result


_TEXT_LISTS = frozenset(_LISTS + ("requires",))

for _name in _LISTS + ("requires",):
    setattr(_Component, _name, _list_property(_name))
for _name in _SCALARS:
    setattr(_Component, _name, _scalar_property(_name))
for _name in _DIRS:
    setattr(_Component, _name[:-1], _single_dir_property(_name[:-1]))


def _sysroot(self):
    value = self.__dict__.get("_sysroot")
    return "" if value is None else value


_Component.sysroot = property(_sysroot, _Component.sysroot.fset)


class _Components(dict):
    """Components come into being when they are asked for."""

    def __init__(self, set_defaults):
        super().__init__()
        self._set_defaults = set_defaults

    def __missing__(self, name):
        component = self[name] = _Component(self._set_defaults)
        return component


class CppInfo:
    """The package as a whole: attributes are those of its root component."""

    def __init__(self, set_defaults=False):
        self.__dict__["components"] = _Components(set_defaults)
        self.__dict__["default_components"] = None
        self.__dict__["_package"] = _Component(set_defaults)

    def __getattr__(self, attribute):
        return getattr(self.__dict__["_package"], attribute)

    def __setattr__(self, attribute, value):
        if attribute in ("components", "default_components", "_package", "_aggregated"):
            self.__dict__[attribute] = value
        else:
            setattr(self._package, attribute, value)

    @property
    def has_components(self):
        return bool(self.components)

    def _crom_data(self):
        return {"root": self._package._crom_data(),
                "components": {str(name): it._crom_data()
                               for name, it in self.components.items()},
                "default_components": self.default_components,
                "defaults": self.components._set_defaults}

    @classmethod
    def _from_data(cls, data):
        result = cls()
        result.components._set_defaults = bool(data.get("defaults"))
        result._fill(data)
        return result

    def _fill(self, data):
        self.__dict__["_package"] = _Component._from_data(data["root"])
        self.components.clear()
        for name, component in data["components"].items():
            self.components[name] = _Component._from_data(component)
        self.__dict__["default_components"] = data.get("default_components")

    def _apply(self, operation, argument=None):
        self._fill(_crom.cpp_info(operation, self._crom_data(), argument))
        return self

    def merge(self, other, overwrite=False):
        self._apply("overwrite" if overwrite else "merge", other._crom_data())

    def set_relative_base_folder(self, folder):
        self._apply("set_relative_base_folder", str(folder))

    def deploy_base_folder(self, package_folder, deploy_folder):
        self._apply("deploy_base_folder", [str(package_folder), str(deploy_folder)])

    def aggregated_components(self, components=None):
        data = _crom.cpp_info("aggregated_components", self._crom_data(), components)
        return CppInfo._from_data(data)

    def get_sorted_components(self):
        order = _crom.cpp_info("sorted_components", self._crom_data())
        return {name: self.components[name] for name in order}

    @property
    def required_components(self):
        return [tuple(it) for it in _crom.cpp_info("required_components", self._crom_data())]

    def check_component_requires(self, conanfile):
        requires = [require for require in conanfile.dependencies if require.direct
                    and not require.build and not require.test and not require.override]
        quiet = [require.ref.name for require in requires
                 if not require.visible or not (require.headers or require.libs)]
        _crom.cpp_info("check_component_requires", self._crom_data(),
                       [str(conanfile), [require.ref.name for require in requires],
                        quiet + list(self.ignored_requires)])

    def serialize(self):
        return _crom.cpp_info("serialize", self._crom_data())

    def deserialize(self, content):
        self._fill(_crom.cpp_info("deserialize", content))
        return self

    def save(self, path):
        import json
        with open(path, "w") as file:
            file.write(json.dumps(self.serialize()))

    def load(self, path):
        import json
        with open(path) as file:
            return self.deserialize(json.loads(file.read()))
