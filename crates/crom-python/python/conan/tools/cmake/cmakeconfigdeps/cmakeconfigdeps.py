"""The generator CMakeConfigDeps."""

from conan.tools.cmake._bridge import call, check_duplicated, show
from conan.tools.cmake.properties import PropertyOverrides

FIND_MODE_MODULE = "module"
FIND_MODE_CONFIG = "config"
FIND_MODE_NONE = "none"
FIND_MODE_BOTH = "both"

# Marks overrides for tool requirements
_BUILD_SUFFIX = "&build"


class CMakeConfigDeps(PropertyOverrides):
    """Generates config files for find_package() with imported targets at known locations."""

    def __init__(self, conanfile):
        super().__init__(conanfile)
        self.configuration = str(self._conanfile.settings.build_type)
        self._build_context_activated = []
        self._build_context_build_modules = []
        self._build_context_suffix = {}
        self._check_components_exist = False

    def _suffix(self, dep):
        return _BUILD_SUFFIX

    def _data(self):
        return {"configuration": self.configuration, "properties": self._properties}

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        show(self._conanfile,
             call(self._conanfile, "cmake.config_deps.generate", {"deps": self._data()}))

    def get_property(self, prop, dep, comp_name=None, check_type=None, custom_props=None):
        """The value of a property; `custom_props` are overrides to be used instead of the own."""
        own, self._properties = self._properties, custom_props or self._properties
        try:
            return super().get_property(prop, dep, comp_name, check_type)
        finally:
            self._properties = own

    def get_cmake_filename(self, dep):
        """What find_package() is called with."""
        return call(self._conanfile, "cmake.config_deps.file_name",
                    {"deps": self._data(), "name": str(dep.ref.name),
                     "build": str(dep.context) == "build"})

    def _unused(self, name):
        self._conanfile.output.warning(f"CMakeConfigDeps.{name} is deprecated, not used anymore",
                                       warn_tag="deprecated")

    # What CMakeDeps has and this generator doesn't need: tool requirements always get files

    @property
    def build_context_activated(self):
        return self._build_context_activated

    @build_context_activated.setter
    def build_context_activated(self, value):
        self._unused("build_context_activated")
        self._build_context_activated = value

    @property
    def build_context_build_modules(self):
        return self._build_context_build_modules

    @build_context_build_modules.setter
    def build_context_build_modules(self, value):
        self._unused("build_context_build_modules")
        self._build_context_build_modules = value

    @property
    def build_context_suffix(self):
        return self._build_context_suffix

    @build_context_suffix.setter
    def build_context_suffix(self, value):
        self._unused("build_context_suffix")
        self._build_context_suffix = value

    @property
    def check_components_exist(self):
        return self._check_components_exist

    @check_components_exist.setter
    def check_components_exist(self, value):
        self._unused("check_components_exist")
        self._check_components_exist = value
