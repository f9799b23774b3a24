"""CPS, the Common Package Specification."""
from conan.tools.cps.cps_deps import CPSDeps

__all__ = ["CPSDeps"]
