"""The generator CMakeToolchain."""

from collections import OrderedDict

import _crom
from conan.tools.cmake._bridge import call, check_duplicated, option_value, show
from conan.tools.cmake.toolchain import CONAN_TOOLCHAIN_FILENAME
from conan.tools.cmake.toolchain.blocks import ToolchainBlocks


class Variables(OrderedDict):
    """`variables["A"]` for all configurations, `variables.debug["A"]` for one."""

    def __init__(self):
        super().__init__()
        object.__setattr__(self, "_configurations", {})

    def __getattr__(self, config):
        if config.startswith("_"):
            raise AttributeError(config)
        return self._configurations.setdefault(config, {})

    @property
    def configuration_types(self):
        """By name: a list of (configuration, value)."""
        found = OrderedDict()
        for configuration, values in self._configurations.items():
            for name, value in values.items():
                found.setdefault(name, []).append((configuration, value))
        return found

    def quote_preprocessor_strings(self):
        """Makes quotes part of the texts."""
        for values in (self, *self._configurations.values()):
            for key, value in values.items():
                if isinstance(value, str):
                    values[key] = value.replace('"', '\\"')

    def _crom_data(self):
        return {"all": _texts(self),
                "by_configuration": {configuration: _texts(values) for configuration, values
                                     in self._configurations.items()}}


def _texts(values):
    """Options, settings and versions as their texts, also True and False."""
    plain = (str, bool, int, float, list, tuple, dict, set, type(None))
    return {str(name): value if isinstance(value, plain) else str(value)
            for name, value in values.items()}


def _plain(values):
    """Options as what they mean."""
    return {str(name): option_value(value) for name, value in values.items()}


class CMakeToolchain:
    """Generates conan_toolchain.cmake, CMakePresets.json and CMakeUserPresets.json."""

    filename = CONAN_TOOLCHAIN_FILENAME

    def __init__(self, conanfile, generator=None):
        """
        :param conanfile: the recipe, usually `self`
        :param generator: CMake's generator, by default that of the conf
               tools.cmake.cmaketoolchain:generator or one for the compiler
        """
        self._conanfile = conanfile
        self.generator = call(conanfile, "cmake.generator", {"generator": generator})
        self.variables = Variables()
        # Shown in the presets, and passed by the build helper
        self.cache_variables = {}
        self.preprocessor_definitions = Variables()
        self.extra_cxxflags = []
        self.extra_cflags = []
        self.extra_asmflags = []
        self.extra_sharedlinkflags = []
        self.extra_exelinkflags = []
        self.add_rpath_link = False
        self.blocks = ToolchainBlocks(conanfile, self, _crom.call("cmake.toolchain.blocks", {}))
        # Set to False to leave the builddirs of dependencies alone
        self.find_builddirs = True
        self.user_presets_path = "CMakeUserPresets.json"
        self.presets_prefix = "conan"
        self.presets_build_environment = None
        self.presets_run_environment = None
        # Absolute paths in presets, instead of relative ones
        self.absolute_paths = False

    def _toolchain_data(self):
        package = self._conanfile.cpp.package
        return {
            "generator": self.generator,
            "variables": self.variables._crom_data(),
            "preprocessor_definitions": self.preprocessor_definitions._crom_data(),
            "extra_cxxflags": self.extra_cxxflags,
            "extra_cflags": self.extra_cflags,
            "extra_asmflags": self.extra_asmflags,
            "extra_sharedlinkflags": self.extra_sharedlinkflags,
            "extra_exelinkflags": self.extra_exelinkflags,
            "add_rpath_link": bool(self.add_rpath_link),
            "find_builddirs": bool(self.find_builddirs),
            "package_dirs": {
                "bindirs": package.bindirs or [],
                "libdirs": package.libdirs or [],
                "includedirs": package.includedirs or [],
                "resdirs": package.resdirs or [],
            },
        }

    def _block_values(self, name):
        return call(self._conanfile, "cmake.toolchain.values",
                    {"name": name, "toolchain": self._toolchain_data()})

    @property
    def content(self):
        """The text of conan_toolchain.cmake."""
        return call(self._conanfile, "cmake.toolchain.content",
                    {"toolchain": self._toolchain_data(), "blocks": self.blocks._crom_data()})

    @property
    def is_multi_configuration(self):
        return _crom.call("cmake.is_multi_configuration", {"generator": self.generator})

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        build_environment, run_environment = self._environments()
        messages = call(self._conanfile, "cmake.toolchain.generate", {
            "toolchain": self._toolchain_data(),
            "blocks": self.blocks._crom_data(),
            "build_folder_vars": self._conanfile.folders.build_folder_vars,
            "presets": {
                "cache_variables": _plain(self.cache_variables),
                "prefix": self.presets_prefix or "",
                "build_environment": build_environment,
                "run_environment": run_environment,
                "absolute_paths": bool(self.absolute_paths),
                "user_presets_path": self.user_presets_path,
            },
        })
        show(self._conanfile, messages)

    def _environments(self):
        conf = self._conanfile.conf.get("tools.cmake.cmaketoolchain:presets_environment", default="",
                                        check_type=str, choices=("disabled", ""))
        if conf == "disabled":
            return {}, {}
        from conan.tools.env import VirtualBuildEnv, VirtualRunEnv
        if self.presets_build_environment:
            build = self.presets_build_environment.vars(self._conanfile)
        else:
            build = VirtualBuildEnv(self._conanfile, auto_generate=True).vars()
        if self.presets_run_environment:
            run = self.presets_run_environment.vars(self._conanfile)
        else:
            run = VirtualRunEnv(self._conanfile, auto_generate=True).vars()
        reference = "$penv{{{name}}}"
        return (dict(build.items(variable_reference=reference)),
                dict(run.items(variable_reference=reference)))
