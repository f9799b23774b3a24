"""Bills of materials."""
from conan.tools.sbom.cyclonedx import cyclonedx_1_4, cyclonedx_1_6

__all__ = ["cyclonedx_1_4", "cyclonedx_1_6"]
