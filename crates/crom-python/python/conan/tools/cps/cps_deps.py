"""CPSDeps"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.gnu.reporting import report


class CPSDeps:
    """``build/cps``: a ``.cps`` file per dependency, and a map of them."""

    def __init__(self, conanfile):
        self._conanfile = conanfile

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        report(self._conanfile, _crom.call_with(self._conanfile, "cps.deps", {}))
