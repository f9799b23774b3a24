"""``self.folders``, ``self.cpp`` and ``self.layouts``"""
from _crom import Conf, Environment
from conan.internal.model.cpp_info import CppInfo


class Infos:
    """``self.cpp``"""

    def __init__(self):
        self.source = CppInfo()
        self.build = CppInfo()
        self.package = CppInfo(set_defaults=True)


class PartialLayout:
    """``self.layouts.source`` and the like."""

    def __init__(self):
        self.buildenv_info = Environment()
        self.runenv_info = Environment()
        self.conf_info = Conf()

    def set_relative_base_folder(self, folder):
        self.buildenv_info.set_relative_base_folder(folder)
        self.runenv_info.set_relative_base_folder(folder)
        self.conf_info.set_relative_base_folder(folder)


class Layouts:
    """``self.layouts``"""

    def __init__(self):
        self.source = PartialLayout()
        self.build = PartialLayout()
        self.package = PartialLayout()


def _joined(base, folder):
    if base is None:
        return None
    if not folder:
        return base
    path = folder if folder.startswith("/") else f"{base}/{folder}"
    if "/." in path or "//" in path or path.endswith("/"):
        from os.path import normpath
        return normpath(path)
    return path


def _setter(attribute):
    def write(self, folder):
        setattr(self, attribute, None if folder is None else str(folder))
    return write


class Folders:
    """Base folders from Crom, and what ``layout()`` puts below them."""

    def __init__(self):
        self._base_source = None
        self._base_build = None
        self._base_package = None
        self._base_generators = None
        self._base_export = None
        self._base_export_sources = None
        self._base_recipe_metadata = None
        self._base_pkg_metadata = None
        self._immutable_package_folder = None
        self.source = ""
        self.build = ""
        self.package = ""
        self.generators = ""
        self.root = None
        self.subproject = None
        self.build_folder_vars = None

    set_base_source = _setter("_base_source")
    set_base_build = _setter("_base_build")
    set_base_package = _setter("_base_package")
    set_base_generators = _setter("_base_generators")
    set_base_export = _setter("_base_export")
    set_base_export_sources = _setter("_base_export_sources")
    set_base_recipe_metadata = _setter("_base_recipe_metadata")
    set_base_pkg_metadata = _setter("_base_pkg_metadata")

    def set_finalize_folder(self, folder):
        self._immutable_package_folder = self._base_package
        self._base_package = str(folder)

    def set_base_folders(self, conanfile_folder, output_folder):
        """The user's folder, for a conanfile that isn't in the cache."""
        from os.path import normpath
        base = str(conanfile_folder)
        if self.root is not None:
            base = normpath(_joined(base, self.root))
        self._base_source = base
        given = output_folder and str(output_folder) != str(conanfile_folder)
        output = str(output_folder) if given else base
        self._base_build = output
        self._base_generators = output
        self._base_export_sources = output
        # There is one from build() on.
        self._base_package = None

    @property
    def base_source(self):
        return self._base_source

    @property
    def base_build(self):
        return self._base_build

    @property
    def base_package(self):
        return self._base_package

    @property
    def base_export(self):
        return self._base_export

    @property
    def base_export_sources(self):
        return self._base_export_sources

    @property
    def source_folder(self):
        return _joined(self._base_source, self.source)

    @property
    def build_folder(self):
        return _joined(self._base_build, self.build)

    @property
    def package_folder(self):
        return _joined(self._base_package, self.package)

    @property
    def immutable_package_folder(self):
        return self._immutable_package_folder or self.package_folder

    @property
    def generators_folder(self):
        if self._base_generators is None:
            return None
        return _joined(self._base_generators, self.generators)

    @property
    def recipe_metadata_folder(self):
        return self._base_recipe_metadata

    @property
    def package_metadata_folder(self):
        return self._base_pkg_metadata
