"""BazelDeps"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.gnu.reporting import report


class BazelDeps:
    """A Bazel repository per dependency."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.build_context_activated = []

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        report(self._conanfile, _crom.call_with(self._conanfile, "google.deps", {
            "build_context_activated": self.build_context_activated}))
