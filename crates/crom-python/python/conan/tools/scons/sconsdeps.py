"""SConsDeps"""
import _crom
from conan.internal.generate import check_duplicated


class SConsDeps:
    """``SConscript_conandeps``: dependencies for SCons."""

    def __init__(self, conanfile):
        self._conanfile = conanfile

    @property
    def ordered_deps(self):
        """Dependencies of the host context, dependents first."""
        deps = self._conanfile.dependencies.host.topological_sort
        return list(reversed(list(deps.values())))

    def generate(self):
        """Writes the file."""
        check_duplicated(self, self._conanfile)
        _crom.call_with(self._conanfile, "scons.deps", {})
