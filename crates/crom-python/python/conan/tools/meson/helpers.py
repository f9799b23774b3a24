"""Meson's names"""
import _crom


def get_apple_subsystem(apple_sdk):
    """``ios-simulator`` for ``iphonesimulator``"""
    return _crom.call("meson.apple_subsystem", {"sdk": apple_sdk})


def to_meson_machine(machine_os, machine_arch):
    """A machine as Meson's machine files describe it."""
    return _crom.call("meson.machine", {"os": str(machine_os), "arch": str(machine_arch)})


def to_meson_value(value):
    """A value in Meson's own notation."""
    return _crom.call("meson.value", {"value": value})


def to_cppstd_flag(conanfile, compiler, compiler_version, cppstd):
    """Meson's name of a C++ standard: ``vc++17``"""
    return _crom.call("meson.cppstd", {"compiler": compiler, "version": compiler_version,
                                       "cppstd": cppstd})


def to_cstd_flag(conanfile, cstd):
    """Meson's name of a C standard: ``c11``"""
    return _crom.call("meson.cstd", {"cstd": cstd})
