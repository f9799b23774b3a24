"""The base class of recipes."""
import _crom
from _crom import Conf, Environment
from conan.api.output import ConanOutput
from conan.errors import ConanException
from conan.internal.model.cpp_info import MockInfoProperty
from conan.internal.model.layout import Folders, Infos, Layouts
from conan.internal.model.requires import (BuildRequirements, Requirements, TestRequirements,
                                           ToolRequirements)


class ConanFile:
    """What a recipe inherits. Attributes are documented with Conan's recipe reference."""

    # Reference
    name = None
    version = None
    user = None
    channel = None
    # Metadata
    url = None
    license = None
    author = None
    description = None
    topics = None
    homepage = None
    # Sources and building
    build_policy = None
    upload_policy = None
    exports = None
    exports_sources = None
    generators = []
    revision_mode = "hash"
    no_copy_source = False
    # Binary model
    settings = None
    options = None
    default_options = None
    default_build_options = None
    package_type = None
    package_type_traits = {}
    languages = []
    implements = []
    provides = None
    deprecated = None
    vendor = False
    # Requirements
    requires = None
    tool_requires = None
    build_requires = None
    test_requires = None
    tested_reference_str = None
    # What consumers get
    cpp = None
    buildenv_info = None
    runenv_info = None
    conf_info = None
    generator_info = None
    # Environment
    conan_data = None
    conf = None
    win_bash = None
    win_bash_run = None
    recipe_folder = None

    def __init__(self, display_name=""):
        self.display_name = display_name
        self._conan_is_consumer = False
        self._conan_is_local = False
        self._conan_output = None
        self._conan_view = None
        self._conan_dependencies = None
        self._conan_buildenv = None
        self._conan_runenv = None
        self._conan_context = "host"
        self._conan_ref = None
        self.folders = Folders()
        self.layouts = Layouts()
        self.cpp = Infos()
        self.buildenv_info = Environment()
        self.runenv_info = Environment()
        self.conf_info = Conf()
        self.env_info = MockInfoProperty("env_info")
        self.user_info = MockInfoProperty("user_info")
        self.env_scripts = {}
        self.system_requires = {}
        self.info = None
        self.conf = Conf()
        self.conf_build = Conf()
        self.virtualbuildenv = True
        self.virtualrunenv = True
        self._conan_declared = {"requires": self.requires, "tool_requires": self.tool_requires,
                                "build_requires": self.build_requires,
                                "test_requires": self.test_requires,
                                "generators": self.generators, "settings": self.settings,
                                "options": self.options}
        if isinstance(self.settings, str):
            self.settings = [self.settings]
        self.options = _crom.make_options(self.options, self.default_options)
        generators = self.generators
        self.generators = [generators] if isinstance(generators, str) else list(generators or [])
        languages = self.languages
        self.languages = [languages] if isinstance(languages, str) else list(languages or [])
        self._conan_requires()

    def _conan_requires(self):
        """The callables, filled with what the class attributes say."""
        declared = self._conan_declared
        requires = Requirements()
        for texts, add in ((declared["requires"], requires),
                           (declared["build_requires"], requires.build_require),
                           (declared["tool_requires"], requires.tool_require),
                           (declared["test_requires"], requires.test_require)):
            if isinstance(texts, str):
                add(texts)
            elif texts:
                for text in texts:
                    add(text)
        self.requires = requires
        self.tool_requires = ToolRequirements(requires)
        self.build_requires = BuildRequirements(requires)
        self.test_requires = TestRequirements(requires)

    @property
    def output(self):
        output = self._conan_output
        if output is None:
            output = self._conan_output = ConanOutput(scope=self.display_name or "")
        return output

    @property
    def context(self):
        return self._conan_context

    @property
    def ref(self):
        if self._conan_ref is None:
            from conan.internal.model.recipe_ref import RecipeReference
            return RecipeReference(self.name, self.version, self.user, self.channel)
        return self._conan_ref

    @property
    def pref(self):
        from conan.internal.model.recipe_ref import PkgReference
        package_id = self.info.package_id() if self.info is not None else None
        return PkgReference(self._conan_ref, package_id)

    @property
    def subgraph(self):
        if self._conan_view is None:
            raise ConanException("'self.subgraph' is there once the graph is")
        from conan.internal.model.graph import DepsGraph
        return DepsGraph(self)

    @property
    def dependencies(self):
        dependencies = self._conan_dependencies
        if dependencies is None:
            from conan.internal.model.dependencies import ConanFileDependencies
            if self._conan_view is None:
                return ConanFileDependencies({})
            dependencies = ConanFileDependencies._of(self._conan_view, {})
            self._conan_dependencies = dependencies
        return dependencies

    @property
    def cpp_info(self):
        """The same as ``self.cpp.package`` of ``layout()``."""
        return self.cpp.package

    @cpp_info.setter
    def cpp_info(self, value):
        self.cpp.package = value

    @property
    def buildenv(self):
        if not isinstance(self._conan_buildenv, Environment):
            self._conan_buildenv = _crom.profile_environment(self, "build")
        return self._conan_buildenv

    @property
    def runenv(self):
        if not isinstance(self._conan_runenv, Environment):
            self._conan_runenv = _crom.profile_environment(self, "run")
        return self._conan_runenv

    @property
    def source_folder(self):
        return self.folders.source_folder

    @property
    def export_sources_folder(self):
        """Points to the base source folder when calling source() and to the cache export sources
        folder while calling the exports_sources() method."""
        return self.folders.base_export_sources

    @property
    def export_folder(self):
        return self.folders.base_export

    @property
    def build_folder(self):
        return self.folders.build_folder

    @property
    def package_folder(self):
        return self.folders.base_package

    @property
    def immutable_package_folder(self):
        return self.folders.immutable_package_folder

    @property
    def recipe_metadata_folder(self):
        return self.folders.recipe_metadata_folder

    @property
    def package_metadata_folder(self):
        return self.folders.package_metadata_folder

    @property
    def generators_folder(self):
        return self.folders.generators_folder

    def _conan_path(self, name):
        from pathlib import Path
        self.output.warning(f"Use of '{name}_path' is deprecated, please use '{name}_folder' "
                            f"instead", warn_tag="deprecated")
        folder = getattr(self, f"{name}_folder")
        assert folder is not None, f"`{name}_folder` is `None`"
        return Path(folder)

    @property
    def source_path(self):
        return self._conan_path("source")

    @property
    def export_sources_path(self):
        return self._conan_path("export_sources")

    @property
    def export_path(self):
        return self._conan_path("export")

    @property
    def build_path(self):
        return self._conan_path("build")

    @property
    def package_path(self):
        return self._conan_path("package")

    @property
    def generators_path(self):
        return self._conan_path("generators")

    @property
    def recipe_path(self):
        from pathlib import Path
        assert self.recipe_folder is not None, "`recipe_folder` is `None`"
        return Path(self.recipe_folder)

    def set_deploy_folder(self, deploy_folder):
        before = self.package_folder
        self.cpp_info.deploy_base_folder(before, deploy_folder)
        self.folders.set_base_package(deploy_folder)

    def run(self, command, stdout=None, cwd=None, ignore_errors=False, env="", quiet=False,
            shell=True, scope="build", stderr=None):
        """Runs a program in the environment that the generated scripts make."""
        if env == "":
            env = "conanbuild" if scope == "build" else "conanrun"
        names = [env] if isinstance(env, str) else list(env or [])
        from conan.internal.extensions import wrap_command
        command = wrap_command(command, self)
        wrapped = _crom.wrap_command(self, command if isinstance(command, str) else list(command),
                                     names, self.generators_folder, scope)
        if not quiet:
            self.output.info(f"RUN: {command}")
        code, out, err = _crom.run(wrapped, None if cwd is None else str(cwd), stdout is not None,
                                   stderr is not None, bool(quiet))
        if stdout is not None:
            stdout.write(out)
        if stderr is not None:
            stderr.write(err)
        if not quiet:
            self.output.writeln("")
        if not ignore_errors and code != 0:
            raise ConanException(f"Error {code} while executing")
        return code

    def serialize(self):
        from conan.internal.model.graph import serialize
        return serialize(self)

    def __repr__(self):
        return self.display_name
