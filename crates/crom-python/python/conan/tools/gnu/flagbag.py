"""Attributes that both toolchains have."""
import _crom
from conan.tools.gnu.layoutdata import package_layout

#: What a recipe may change, and the flags come from.
ATTRIBUTES = ("extra_cxxflags", "extra_cflags", "extra_ldflags", "extra_defines", "ndebug",
              "build_type_flags", "build_type_link_flags", "cppstd", "cstd", "arch_flag",
              "arch_ld_flag", "threads_flags", "libcxx", "gcc_cxx11_abi", "fpic",
              "msvc_runtime_flag", "msvc_extra_flags", "msvc_runtime_link_flags",
              "sysroot_flag", "apple_arch_flag", "apple_isysroot_flag",
              "apple_min_version_flag", "apple_extra_flags", "android_cross_flags")


class FlagBag:
    """Flags as attributes, and what follows from them."""

    def _start(self, conanfile, kind, prefix):
        self._conanfile = conanfile
        self._kind = kind
        toolchain = _crom.call_with(conanfile, "gnu.new_toolchain",
                                    {"layout": package_layout(conanfile), "prefix": prefix})
        for name, value in toolchain["flags"].items():
            setattr(self, name, value)
        return toolchain

    def _bag(self):
        return {name: getattr(self, name) for name in ATTRIBUTES if hasattr(self, name)}

    def _flags(self, name):
        return _crom.call_with(self._conanfile, "gnu.flags", {"flags": self._bag()})[name]

    @property
    def cflags(self):
        return self._flags("cflags")

    @property
    def cxxflags(self):
        return self._flags("cxxflags")

    @property
    def ldflags(self):
        return self._flags("ldflags")

    @property
    def defines(self):
        return self._flags("defines")

    @property
    def asflags(self):
        return self._flags("asflags")

    @property
    def rcflags(self):
        return self._flags("rcflags")
