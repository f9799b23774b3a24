"""Android."""
from conan.tools.android.utils import android_abi

__all__ = ["android_abi"]
