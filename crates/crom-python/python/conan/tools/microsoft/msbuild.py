"""The MSBuild build helper"""
import _crom
from conan.errors import ConanException


class MSBuild:
    """Runs ``msbuild.exe``."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.build_type = conanfile.settings.get_safe("build_type")
        self.platform = _crom.call_with(conanfile, "microsoft.platform", {})

    def command(self, sln, targets=None):
        """The command line."""
        if targets is not None and not isinstance(targets, list):
            raise ConanException("targets argument should be a list")
        return _crom.call_with(self._conanfile, "microsoft.msbuild_command",
                               {"sln": str(sln), "targets": targets or None,
                                "build_type": _text(self.build_type),
                                "platform": _text(self.platform)})

    def build(self, sln, targets=None):
        """Builds a solution."""
        self._conanfile.run(self.command(sln, targets=targets))

    @staticmethod
    def get_version(_):
        raise NotImplementedError("get_version() method is not supported in MSBuild "
                                  "toolchain helper")


def _text(value):
    return None if value is None else str(value)


def msbuild_verbosity_cmd_line_arg(conanfile):
    """``-verbosity:Normal`` for ``tools.build:verbosity``; empty without."""
    return _crom.call_with(conanfile, "microsoft.verbosity", {})
