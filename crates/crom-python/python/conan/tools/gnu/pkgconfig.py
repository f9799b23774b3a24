"""PkgConfig"""
from io import StringIO

import _crom
from conan.errors import ConanException
from conan.tools.env import Environment


class PkgConfig:
    """What ``pkg-config`` says about a library of the machine."""

    def __init__(self, conanfile, library, pkg_config_path=None):
        self._conanfile = conanfile
        self._library = library
        self._pkg_config_path = pkg_config_path
        self._answers = {}

    def _ask(self, question, variable=None):
        key = (question, variable)
        if key in self._answers:
            return self._answers[key]
        call = {"question": question, "library": self._library, "variable": variable}
        command = _crom.call_with(self._conanfile, "gnu.pkg_config_command", call)
        env = Environment()
        if self._pkg_config_path:
            env.prepend_path("PKG_CONFIG_PATH", self._pkg_config_path)
        output, errors = StringIO(), StringIO()
        with env.vars(self._conanfile).apply():
            try:
                self._conanfile.run(command, stdout=output, stderr=errors, quiet=True)
            except ConanException as error:
                raise ConanException(f"PkgConfig failed. Command: {command}\n"
                                     f"    stdout:\n{output.getvalue()}\n"
                                     f"    stderr:\n{errors.getvalue()}\n{error}")
        answer = _crom.call("gnu.pkg_config_answer", {**call, "output": output.getvalue()})
        self._answers[key] = answer
        return answer

    @property
    def includedirs(self):
        return self._ask("includedirs")

    @property
    def cflags(self):
        return self._ask("cflags")

    @property
    def defines(self):
        return self._ask("defines")

    @property
    def libdirs(self):
        return self._ask("libdirs")

    @property
    def libs(self):
        return self._ask("libs")

    @property
    def linkflags(self):
        return self._ask("linkflags")

    @property
    def provides(self):
        return self._ask("provides")[0]

    @property
    def version(self):
        return self._ask("version")[0]

    @property
    def variables(self):
        return {name: self._ask("variables", name)[0] for name in self._ask("variables")}

    def fill_cpp_info(self, cpp_info, is_system=True, system_libs=None):
        """Puts what is known into a ``cpp_info``."""
        if not self.provides:
            raise ConanException(f"PkgConfig error, '{self._library}' files not available")
        system_libs = system_libs or []
        if is_system:
            cpp_info.system_libs = self.libs
        else:
            cpp_info.libs = [lib for lib in self.libs if lib not in system_libs]
            cpp_info.system_libs = [lib for lib in self.libs if lib in system_libs]
        cpp_info.libdirs = self.libdirs
        cpp_info.sharedlinkflags = self.linkflags
        cpp_info.exelinkflags = self.linkflags
        cpp_info.defines = self.defines
        cpp_info.includedirs = self.includedirs
        cpp_info.cflags = self.cflags
        cpp_info.cxxflags = self.cflags
