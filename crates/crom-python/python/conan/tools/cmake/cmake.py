"""The build helper CMake."""

import _crom
from conan.tools.cmake._bridge import call, option_value, show
from conan.tools.files import chdir, mkdir


class CMake:
    """Runs cmake and ctest as the presets of CMakeToolchain say."""

    def __init__(self, conanfile):
        """
        :param conanfile: the recipe, usually `self`
        """
        self._conanfile = conanfile
        helper = call(conanfile, "cmake.helper", {})
        self._helper = helper
        self._generator = helper["generator"]
        self._toolchain_file = helper["toolchain_file"]
        self._cache_variables = helper["cache_variables"]
        self._cmake_program = helper["cmake_program"]

    @property
    def is_multi_configuration(self):
        return _crom.call("cmake.is_multi_configuration", {"generator": self._generator})

    def _command(self, method, **arguments):
        helper = {"generator": self._generator, "toolchain_file": self._toolchain_file,
                  "cache_variables": self._cache_variables, "cmake_program": self._cmake_program}
        result = call(self._conanfile, f"cmake.helper.{method}",
                      {"helper": helper, "arguments": arguments})
        show(self._conanfile, result["messages"])
        return result

    def configure(self, variables=None, build_script_folder=None, cli_args=None,
                  stdout=None, stderr=None, subfolder=None):
        """Runs cmake in the build folder.

        :param variables: more variables, by name
        :param build_script_folder: folder of CMakeLists.txt, in the source folder
        :param cli_args: more arguments
        :param stdout: a stream for the output
        :param stderr: a stream for the errors
        :param subfolder: a folder in the build folder to build in
        """
        self._conanfile.output.info("Running CMake.configure()")
        values = {str(name): option_value(value) for name, value in (variables or {}).items()}
        result = self._command("configure", variables=values,
                               build_script_folder=build_script_folder,
                               cli_args=cli_args or [], subfolder=subfolder)
        mkdir(self._conanfile, result["folder"])
        with chdir(self._conanfile, result["folder"]):
            self._conanfile.run(result["command"], stdout=stdout, stderr=stderr)

    def _build(self, method, build_type, target, cli_args, build_tool_args, env, stdout, stderr,
               subfolder=None):
        targets = [] if target is None else [target] if isinstance(target, str) else list(target)
        result = self._command(method, build_type=build_type, targets=targets,
                               cli_args=cli_args or [], build_tool_args=build_tool_args or [],
                               subfolder=subfolder)
        if result["command"]:
            self._conanfile.run(result["command"], env=env, stdout=stdout, stderr=stderr)

    def build(self, build_type=None, target=None, cli_args=None, build_tool_args=None,
              stdout=None, stderr=None, subfolder=None):
        """Runs `cmake --build`.

        :param build_type: for a generator of several configurations, by default the setting
        :param target: a target or several
        :param cli_args: more arguments
        :param build_tool_args: arguments for the build tool
        :param stdout: a stream for the output
        :param stderr: a stream for the errors
        :param subfolder: a folder in the build folder
        """
        self._conanfile.output.info("Running CMake.build()")
        self._build("build", build_type, target, cli_args, build_tool_args, "", stdout, stderr,
                    subfolder)

    def install(self, build_type=None, component=None, cli_args=None, stdout=None, stderr=None,
                subfolder=None):
        """Runs `cmake --install` into the package folder.

        :param build_type: for a generator of several configurations, by default the setting
        :param component: only this component
        :param cli_args: more arguments
        :param stdout: a stream for the output
        :param stderr: a stream for the errors
        :param subfolder: a folder in the build folder, and in the package folder
        """
        self._conanfile.output.info("Running CMake.install()")
        mkdir(self._conanfile, self._conanfile.package_folder)
        result = self._command("install", build_type=build_type, component=component,
                               cli_args=cli_args or [], subfolder=subfolder)
        self._conanfile.run(result["command"], stdout=stdout, stderr=stderr)

    def test(self, build_type=None, target=None, cli_args=None, build_tool_args=None, env="",
             stdout=None, stderr=None):
        """Builds the target `test` or `RUN_TESTS`, if tests aren't skipped.

        :param build_type: for a generator of several configurations, by default the setting
        :param target: another target
        :param cli_args: more arguments
        :param build_tool_args: arguments for the build tool
        :param env: scripts with the environment, by default conanbuild and conanrun
        :param stdout: a stream for the output
        :param stderr: a stream for the errors
        """
        if self._skips_tests():
            return
        self._conanfile.output.info("Running CMake.test()")
        env = ["conanbuild", "conanrun"] if env == "" else env
        self._build("test", build_type, target, cli_args, build_tool_args, env, stdout, stderr)

    def ctest(self, cli_args=None, env="", stdout=None, stderr=None):
        """Runs ctest, if tests aren't skipped.

        :param cli_args: more arguments
        :param env: scripts with the environment, by default conanbuild and conanrun
        :param stdout: a stream for the output
        :param stderr: a stream for the errors
        """
        if self._skips_tests():
            return
        self._conanfile.output.info("Running CMake.ctest()")
        env = ["conanbuild", "conanrun"] if env == "" else env
        result = self._command("ctest", cli_args=cli_args or [])
        with chdir(self._conanfile, result["folder"]):
            self._conanfile.run(result["command"], env=env, stdout=stdout, stderr=stderr)

    def _skips_tests(self):
        return self._conanfile.conf.get("tools.build:skip_test", check_type=bool)
