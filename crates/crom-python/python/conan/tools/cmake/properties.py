"""Properties of dependencies that a consumer overrides."""

from conan.errors import ConanException


class PropertyOverrides:
    """`set_property()` and `get_property()` of CMakeDeps and CMakeConfigDeps."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self._properties = {}

    def _suffix(self, dep):
        raise NotImplementedError()

    def set_property(self, dep, prop, value, build_context=False):
        """Overrides what a dependency says with `cpp_info.set_property()`.

        :param dep: name, or name::component
        :param prop: the property
        :param value: its value; None hides what the dependency says
        :param build_context: True for the tool requirement of that name
        """
        suffix = self._suffix(dep.split("::")[0]) if build_context else ""
        self._properties.setdefault(f"{dep}{suffix}", {})[prop] = value

    def get_property(self, prop, dep, comp_name=None, check_type=None):
        """The value of a property, of a dependency or of one of its components."""
        name = dep.ref.name
        suffix = self._suffix(name) if str(dep.context) == "build" else ""
        key = f"{name}::{comp_name}{suffix}" if comp_name else f"{name}{suffix}"
        overrides = self._properties.get(key, {})
        if prop in overrides:
            value = overrides[prop]
            if value is not None and check_type and not isinstance(value, check_type):
                raise ConanException(f'The expected type for {prop} is "{check_type.__name__}", '
                                     f'but "{type(value).__name__}" was found')
            return value
        info = dep.cpp_info.components[comp_name] if comp_name else dep.cpp_info
        return info.get_property(prop, check_type=check_type)
