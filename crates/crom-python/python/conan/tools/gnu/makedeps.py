"""MakeDeps"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.gnu.reporting import report


class MakeDeps:
    """``conandeps.mk``: dependencies as variables of makefiles."""

    def __init__(self, conanfile):
        self._conanfile = conanfile

    def generate(self):
        """Writes the file."""
        check_duplicated(self, self._conanfile)
        report(self._conanfile, _crom.call_with(self._conanfile, "gnu.make_deps", {}))


CONAN_MAKEFILE_FILENAME = "conandeps.mk"
