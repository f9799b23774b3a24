"""Intel's compilers."""
import _crom
from conan.errors import ConanException

__all__ = ["IntelCC"]


class IntelCC:
    """The environment of oneAPI: not done yet."""

    filename = "conanintelsetvars"

    def __init__(self, conanfile):
        if conanfile.settings.get_safe("compiler") != "intel-cc":
            raise ConanException("You have to use 'intel' compiler which is meant for legacy "
                                 "versions like Intel Parallel Studio XE.")
        raise _crom.unsupported("conan.tools.intel.IntelCC")
