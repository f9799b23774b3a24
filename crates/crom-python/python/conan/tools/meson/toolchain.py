"""MesonToolchain"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.gnu.layoutdata import package_layout
from conan.tools.gnu.reporting import report


class MesonToolchain:
    """Meson's machine files."""

    native_filename = "conan_meson_native.ini"
    cross_filename = "conan_meson_cross.ini"

    def __init__(self, conanfile, backend=None, native=False):
        self._conanfile = conanfile
        self._native = native
        attributes = _crom.call_with(conanfile, "meson.new_toolchain",
                                     {"layout": package_layout(conanfile), "backend": backend,
                                      "native": bool(native)})
        self._names = list(attributes)
        for name, value in attributes.items():
            setattr(self, name, value)

    def generate(self):
        """Writes the file for this configuration."""
        check_duplicated(self, self._conanfile)
        from conan.tools.microsoft import VCVars
        toolchain = {name: getattr(self, name) for name in self._names if hasattr(self, name)}
        report(self._conanfile, _crom.call_with(self._conanfile, "meson.generate",
                                                {"toolchain": toolchain,
                                                 "native": bool(self._native)}))
        VCVars(self._conanfile).generate()
