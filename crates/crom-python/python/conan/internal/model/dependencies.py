"""``self.dependencies``: packages of the graph as their consumers see them."""
from conan.internal.model.cpp_info import CppInfo
from conan.internal.model.layout import Folders
from conan.internal.model.pkg_type import PackageType
from conan.internal.model.recipe_ref import PkgReference, RecipeReference
from conan.internal.model.requires import Requirement


def _lazy(name, make):
    attribute = "_" + name

    def read(self):
        try:
            return self.__dict__[attribute]
        except KeyError:
            value = self.__dict__[attribute] = make(self)
            return value

    return property(read)


def _plain(name):
    return property(lambda self: self._view.metadata()[name])


def _has(require, name, value):
    found = getattr(require, name)
    if name == "options" and found and value:
        # Values are texts once they have crossed, whatever the recipe gave.
        return {key: str(it) for key, it in found.items()} \
            == {key: str(it) for key, it in value.items()}
    return found == value


class ConanFileInterface:
    """One dependency. Read only."""

    def __init__(self, view, cache):
        self._view = view
        self._cache = cache

    ref = _lazy("ref", lambda self: RecipeReference(*self._view.reference()))
    package_folder = _lazy("package_folder", lambda self: self._folder("package"))
    cpp_info = _lazy("cpp_info", lambda self: CppInfo._from_data(self._view.cpp_info()))
    settings = _lazy("settings", lambda self: self._view.settings())
    settings_build = _lazy("settings_build", lambda self: self._view.settings())
    options = _lazy("options", lambda self: self._view.options())
    conf = _lazy("conf", lambda self: self._view.conf())
    conf_info = _lazy("conf_info", lambda self: self._view.conf_info())
    buildenv_info = _lazy("buildenv_info", lambda self: self._view.buildenv_info())
    runenv_info = _lazy("runenv_info", lambda self: self._view.runenv_info())
    info = _lazy("info", lambda self: self._view.info())
    package_type = _lazy("package_type", lambda self: PackageType(self._view.package_type()))
    dependencies = _lazy("dependencies",
                         lambda self: ConanFileDependencies._of(self._view, self._cache))
    folders = _lazy("folders", lambda self: self._make_folders())
    context = property(lambda self: self._view.context())
    description = _plain("description")
    license = _plain("license")
    author = _plain("author")
    homepage = _plain("homepage")
    url = _plain("url")
    topics = _plain("topics")
    languages = _plain("languages")
    conan_data = _plain("conan_data")
    extension_properties = _plain("extension_properties")
    provides = _plain("provides")

    @property
    def generator_info(self):
        found = self._view.generator_info()
        if not found:
            return None
        from conan.internal.generate import as_given
        return as_given(found)

    @property
    def recipe(self):
        return "Platform" if self._view.platform() else "Cache"

    def _folder(self, name):
        return self._view.folder(name) or None

    def _make_folders(self):
        folders = Folders()
        for name, setter in (("source", "set_base_source"), ("build", "set_base_build"),
                             ("package", "set_base_package"),
                             ("generators", "set_base_generators"),
                             ("recipe_metadata", "set_base_recipe_metadata"),
                             ("package_metadata", "set_base_pkg_metadata")):
            getattr(folders, setter)(self._folder(name))
        return folders

    @property
    def pref(self):
        package_id, prev = self._view.package()
        return PkgReference(self.ref, package_id, prev)

    @property
    def package_path(self):
        from pathlib import Path
        assert self.package_folder is not None, "`package_folder` is `None`"
        return Path(self.package_folder)

    @property
    def immutable_package_folder(self):
        return self._folder("immutable_package") or self.package_folder

    @property
    def recipe_folder(self):
        return self._folder("recipe")

    @property
    def recipe_metadata_folder(self):
        return self._folder("recipe_metadata")

    @property
    def package_metadata_folder(self):
        return self._folder("package_metadata")

    @property
    def is_build_context(self):
        return self.context == "build"

    def set_deploy_folder(self, deploy_folder):
        before = self.package_folder
        self.cpp_info.deploy_base_folder(before, deploy_folder)
        self.__dict__["_package_folder"] = deploy_folder

    def __str__(self):
        return str(self.ref)

    def __hash__(self):
        return hash(self._view.index())

    def __eq__(self, other):
        if not isinstance(other, ConanFileInterface):
            return False
        return self._view.index() == other._view.index()


class ConanFileDependencies:
    """Requirements to dependencies, in the graph's order."""

    def __init__(self, data, filtered=None):
        self._data = data
        self._filter = filtered or {}

    @classmethod
    def _of(cls, view, cache):
        data = {}
        for requirement, index in view.dependencies():
            dependency = cache.get(index)
            if dependency is None:
                dependency = cache[index] = ConanFileInterface(view.at(index), cache)
            data[Requirement._from_data(requirement)] = dependency
        return cls(data)

    @staticmethod
    def from_node(node):
        """What a node of a graph sees."""
        return node.conanfile.dependencies

    def filter(self, require_filter, remove_system=True):
        def keep(require, dependency):
            if remove_system and dependency.recipe == "Platform":
                return False
            return all(getattr(require, name) == value for name, value in require_filter.items())

        data = {require: dependency for require, dependency in self._data.items()
                if keep(require, dependency)}
        return ConanFileDependencies(data, require_filter)

    def _found(self, ref, build=None, **kwargs):
        if isinstance(ref, str) and "/" in ref:
            ref = RecipeReference.loads(ref)
        wanted = dict(kwargs)
        if build is not None:
            wanted["build"] = build
        found = []
        for require, dependency in self._data.items():
            candidate = require.ref
            if isinstance(ref, str):
                matches = candidate.name == ref
            else:
                matches = candidate.name == ref.name and candidate.version == ref.version \
                    and candidate.user == ref.user and candidate.channel == ref.channel
            if matches and all(_has(require, k, v) for k, v in wanted.items()):
                found.append((require, dependency))
        return found

    def get(self, ref, build=None, **kwargs):
        found = self._found(ref, build, **kwargs)
        if build is None and len(found) > 1:
            # Without a word on the context, the host one is meant if that is unambiguous.
            host = [(require, dependency) for require, dependency in found if not require.build]
            if len(host) == 1:
                return host[0][1]
        if len(found) > 1:
            listed = ", ".join(str(require) for require, _ in found)
            from conan.errors import ConanException
            raise ConanException(f"There are more than one requires matching the specified "
                                 f"filters: {kwargs if build is None else dict(kwargs, build=build)}"
                                 f"\n- {listed}")
        if not found:
            raise KeyError(f"'{ref}' not found in the dependency set")
        return found[0][1]

    of = get

    def __getitem__(self, name):
        return self.get(name)

    def __contains__(self, item):
        try:
            self.get(item)
            return True
        except KeyError:
            return False

    def __bool__(self):
        return bool(self._data)

    def __len__(self):
        return len(self._data)

    def __iter__(self):
        return iter(self._data)

    def items(self):
        return self._data.items()

    def values(self):
        return self._data.values()

    def keys(self):
        return self._data.keys()

    @property
    def host(self):
        return self.filter({"build": False, "test": False, "skip": False})

    @property
    def build(self):
        return self.filter({"build": True, "direct": True, "run": True}) \
            if False else self.filter({"build": True, "direct": True})

    @property
    def test(self):
        return self.filter({"build": False, "test": True, "skip": False})

    @property
    def direct_host(self):
        return self.filter({"build": False, "direct": True, "test": False, "skip": False})

    @property
    def direct_build(self):
        return self.filter({"build": True, "direct": True})

    @property
    def topological_sort(self):
        """What depends on nothing comes first, level by level; consumers come after."""
        order = {}
        remaining = dict(self._data)
        while remaining:
            open_nodes = set(remaining.values())
            free = [(require, dependency) for require, dependency in remaining.items()
                    if not open_nodes.intersection(dependency.dependencies.values())]
            if not free:
                free = list(remaining.items())
            for require, dependency in free:
                order[require] = dependency
                del remaining[require]
        return ConanFileDependencies(order, self._filter)

    def transitive_requires(self, other):
        names = {require.ref.name for require in other}
        data = {require: dependency for require, dependency in self._data.items()
                if require.ref.name in names}
        return ConanFileDependencies(data, self._filter)
