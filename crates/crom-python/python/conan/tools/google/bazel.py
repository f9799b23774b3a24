"""The Bazel build helper"""
import _crom


class Bazel:
    """Runs ``bazel``."""

    def __init__(self, conanfile):
        self._conanfile = conanfile

    def build(self, args=None, target="//...", clean=True):
        """Runs ``bazel build``."""
        for command in _crom.call_with(self._conanfile, "google.build", {
                "args": args, "target": target, "clean": bool(clean)}):
            self._conanfile.run(command)

    def test(self, target=None):
        """Runs ``bazel test`` on a target."""
        command = _crom.call_with(self._conanfile, "google.test", {"target": target})
        if command:
            self._conanfile.run(command)
