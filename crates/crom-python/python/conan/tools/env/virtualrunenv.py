"""VirtualRunEnv"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.env.environment import from_data, save_script


class VirtualRunEnv:
    """The environment that dependencies and profile make for running what was built."""

    def __init__(self, conanfile, auto_generate=False, win_copy_folder=None):
        self._conanfile = conanfile
        self._environment = None
        if not auto_generate:
            conanfile.virtualrunenv = False
        self.basename = "conanrunenv"
        self.configuration = conanfile.settings.get_safe("build_type")
        self.arch = conanfile.settings.get_safe("arch")
        self._win_copy_folder = win_copy_folder

    def environment(self):
        """The variables; changes to them hold for ``generate()``."""
        if self._environment is None:
            self._environment = from_data(
                _crom.call_with(self._conanfile, "env.virtual_run",
                                {"profile": self._conanfile.runenv,
                                 "win_copy_folder": self._win_copy_folder}))
        return self._environment

    def vars(self, scope="run"):
        """The variables with their values."""
        return self.environment().vars(self._conanfile, scope=scope)

    def generate(self, scope="run"):
        """Writes the scripts."""
        check_duplicated(self, self._conanfile)
        names = _crom.call("env.names", {"basename": self.basename,
                                         "configuration": self.configuration, "arch": self.arch})
        save_script(self._conanfile, self.environment(), scope, names["script"], names["dotenv"])


def runenv_from_cpp_info(dep, os_name):
    """The environment that programs need to find what a package has: its programs and libraries."""
    import os
    environment = _crom.Environment()
    aggregated = dep.cpp_info.aggregated_components()
    folders = [("PATH", aggregated.bindirs)]
    if os_name != "Windows":
        folders.append(("LD_LIBRARY_PATH", aggregated.libdirs))
        if os_name in ("Macos", "iOS", "watchOS", "tvOS", "visionOS"):
            folders += [("DYLD_LIBRARY_PATH", aggregated.libdirs),
                        ("DYLD_FRAMEWORK_PATH", aggregated.frameworkdirs)]
    for name, paths in folders:
        there = [path for path in paths if os.path.exists(path)]
        if there:
            environment.prepend_path(name, there)
    return environment
