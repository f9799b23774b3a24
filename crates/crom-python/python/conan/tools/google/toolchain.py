"""BazelToolchain"""
import _crom
from conan.internal.generate import check_duplicated

_CONFIG = "conan-config"
_OPTIONS = ("copt", "conlyopt", "cxxopt", "linkopt")
_VALUES = ("force_pic", "dynamic_mode", "compilation_mode", "compiler", "cpu", "crosstool_top")
_LINES = [(name, f"{{{{{name}}}}}") for name in _OPTIONS]
_LINES += [(name, f"--{name}={{{{{name}}}}}") for name in _VALUES]
_TEMPLATE = "# Automatic bazelrc file created by Conan\n" + "\n".join(
    f"{{% if {name} %}}build:{_CONFIG} {text}{{% endif %}}" for name, text in _LINES)


class BazelToolchain:
    """``conan_bzl.rc``: options of Bazel for settings and confs."""

    bazelrc_name = "conan_bzl.rc"
    bazelrc_config = _CONFIG
    bazelrc_template = _TEMPLATE

    def __init__(self, conanfile):
        self._conanfile = conanfile
        attributes = _crom.call_with(conanfile, "google.new_toolchain", {})
        self._names = list(attributes)
        for name, value in attributes.items():
            setattr(self, name, value)

    def _attributes(self):
        return {name: getattr(self, name) for name in self._names}

    def _flags(self, name):
        return _crom.call_with(self._conanfile, "google.flags", self._attributes())[name]

    @property
    def cxxflags(self):
        return self._flags("cxxflags")

    @property
    def cflags(self):
        return self._flags("cflags")

    @property
    def ldflags(self):
        return self._flags("ldflags")

    def generate(self):
        """Writes the file."""
        check_duplicated(self, self._conanfile)
        _crom.call_with(self._conanfile, "google.toolchain", {
            "toolchain": self._attributes(), "template": self.bazelrc_template,
            "file": self.bazelrc_name})
