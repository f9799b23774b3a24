"""What recipes import: ``from conan import ConanFile``."""
from _crom import Version
from conan.internal.model.conan_file import ConanFile

conan_version = Version("2.34.0")
__version__ = "2.34.0"

__all__ = ["ConanFile", "Version", "conan_version"]


def __getattr__(name):
    if name == "Workspace":
        from conan.errors import CromUnsupported
        raise CromUnsupported("conan.Workspace is not supported by Crom yet")
    raise AttributeError(f"module 'conan' has no attribute '{name}'")
