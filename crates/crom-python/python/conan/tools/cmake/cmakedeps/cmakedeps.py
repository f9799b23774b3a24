"""The generator CMakeDeps."""

from conan.tools.cmake._bridge import call, check_duplicated, show
from conan.tools.cmake.cmakedeps import (FIND_MODE_BOTH, FIND_MODE_CONFIG, FIND_MODE_MODULE,
                                         FIND_MODE_NONE)
from conan.tools.cmake.properties import PropertyOverrides


class CMakeDeps(PropertyOverrides):
    """Generates files that find_package() reads, for every dependency."""

    def __init__(self, conanfile):
        super().__init__(conanfile)
        self.arch = self._conanfile.settings.get_safe("arch")
        self.configuration = str(self._conanfile.settings.build_type)
        # Names of tool requirements that get files too
        self.build_context_activated = []
        # Suffix for names of tool requirements that are also required for the host
        self.build_context_suffix = {}
        # Names of tool requirements whose build modules are included, and not those of the host
        self.build_context_build_modules = []
        # Fail if find_package(COMPONENTS) asks for targets that aren't there
        self.check_components_exist = False

    def _suffix(self, dep):
        return self.build_context_suffix.get(dep, "")

    def _data(self):
        return {
            "configuration": self.configuration,
            "arch": None if self.arch is None else str(self.arch),
            "build_context_activated": self.build_context_activated,
            "build_context_suffix": self.build_context_suffix,
            "build_context_build_modules": self.build_context_build_modules,
            "check_components_exist": bool(self.check_components_exist),
            "properties": self._properties,
        }

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        show(self._conanfile, call(self._conanfile, "cmake.deps.generate", {"deps": self._data()}))

    @property
    def content(self):
        """The texts of the files by name."""
        result = call(self._conanfile, "cmake.deps.content", {"deps": self._data()})
        show(self._conanfile, result["messages"])
        return {file["path"]: file["content"] for file in result["files"]}

    def generate_aggregator(self):
        """conandeps_legacy.cmake: one include() for all direct dependencies. generate() writes it
        with the rest."""
        show(self._conanfile, call(self._conanfile, "cmake.deps.aggregator", {"deps": self._data()}))

    def _names(self, dep):
        return call(self._conanfile, "cmake.deps.names",
                    {"deps": self._data(), "name": str(dep.ref.name),
                     "build": str(dep.context) == "build"})

    def get_cmake_package_name(self, dep, module_mode=None):
        """What find_package() is called with."""
        names = self._names(dep)
        if module_mode is None:
            module_mode = names["find_mode"] == FIND_MODE_MODULE
        return names["module_file_name" if module_mode else "config_file_name"]

    def get_find_mode(self, dep):
        """One of the FIND_MODE_ values."""
        return self._names(dep)["find_mode"]

    def get_transitive_requires(self, conanfile):
        """The dependencies of a dependency that this consumer sees too."""
        return conanfile.dependencies.transitive_requires(self._conanfile.dependencies)
