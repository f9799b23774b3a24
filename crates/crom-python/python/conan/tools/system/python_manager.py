"""Python programs that a build needs, in a virtual environment of its own."""
import _crom
from conan.api.output import (LEVEL_DEBUG, LEVEL_ERROR, LEVEL_QUIET, LEVEL_TRACE, LEVEL_VERBOSE,
                              LEVEL_WARNING)


class PyEnv:
    """A virtual environment; made when there is none yet."""

    def __init__(self, conanfile, folder=None, name="", py_version=None):
        self._conanfile = conanfile
        plan = _crom.call_with(conanfile, "system.python_environment",
                               {"folder": folder, "name": name,
                                "py_version": None if py_version is None else str(py_version)})
        self._env_name = plan["name"]
        self._env_dir = plan["folder"]
        self._bin_path = plan["programs"]
        self._env_exe = plan["interpreter"]
        for command in plan["commands"]:
            conanfile.run(command)
        for text in plan["messages"]:
            conanfile.output.info(text)

    @property
    def env_dir(self):
        return self._env_dir

    @property
    def bin_path(self):
        return self._bin_path

    @property
    def env_exe(self):
        return self._env_exe

    def generate(self):
        """Puts the environment's programs into the PATH of the build."""
        from conan.tools.env.environment import Environment
        environment = Environment()
        environment.prepend_path("PATH", self.bin_path)
        environment.vars(self._conanfile).save_script(self._env_name)

    def run(self, args):
        """Runs the environment's interpreter."""
        return self._conanfile.run(_crom.call("system.python_command",
                                              {"interpreter": self.env_exe, "args": list(args)}))

    def install(self, packages, pip_args=None):
        """Installs packages with pip."""
        return self._conanfile.run(_crom.call("system.pip_command",
                                              {"interpreter": self.env_exe,
                                               "packages": list(packages),
                                               "pip_args": list(pip_args or [])}))


class PipEnv(PyEnv):
    """The former name."""

    def __init__(self, conanfile, folder=None, name="", py_version=None):
        super().__init__(conanfile, folder, name, py_version)
        conanfile.output.warning("'PipEnv()' is deprecated, use 'PyEnv()'", warn_tag="deprecated")
