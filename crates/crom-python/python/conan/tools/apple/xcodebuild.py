"""The XcodeBuild build helper"""
import _crom


class XcodeBuild:
    """Runs ``xcodebuild``."""

    def __init__(self, conanfile):
        self._conanfile = conanfile

    def build(self, xcodeproj, target=None, configuration=None, cli_args=None):
        """Builds a project."""
        self._conanfile.run(_crom.call_with(self._conanfile, "apple.xcodebuild", {
            "xcodeproj": str(xcodeproj), "target": target, "configuration": configuration,
            "cli_args": cli_args}))
