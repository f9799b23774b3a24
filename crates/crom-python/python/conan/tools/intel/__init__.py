"""Intel's compilers."""
from conan.tools.intel.intel_cc import IntelCC

__all__ = ["IntelCC"]
