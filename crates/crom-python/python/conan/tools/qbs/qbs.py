"""The Qbs build helper"""
import os

import _crom
from conan.errors import ConanException


class Qbs:
    """Runs ``qbs``."""

    def __init__(self, conanfile, project_file=None):
        self.profile = None
        self._conanfile = conanfile
        self._project_file = str(project_file or conanfile.source_folder)
        self.jobs = _crom.call_with(conanfile, "qbs.jobs", {})
        self._configuration = {}
        if not os.path.exists(self._project_file):
            raise ConanException(f"Qbs: could not find project file {self._project_file}")

    def add_configuration(self, name, values):
        """A configuration with properties; the name is what ``config:`` gets."""
        self._configuration[name] = values

    def _run(self, name, **more):
        self._conanfile.run(_crom.call_with(self._conanfile, name, {
            "project_file": self._project_file, "profile": self.profile, "jobs": self.jobs,
            "configurations": self._configuration, **more}))

    def resolve(self, parallel=True):
        """Runs ``qbs resolve``."""
        self._run("qbs.resolve", parallel=bool(parallel))

    def build(self, products=None):
        """Runs ``qbs build``."""
        self._run("qbs.build", products=list(products or []))

    def build_all(self):
        """Runs ``qbs build --all-products``."""
        self._run("qbs.build", all_products=True)

    def install(self):
        """Runs ``qbs install`` into the package folder."""
        self._run("qbs.install")
