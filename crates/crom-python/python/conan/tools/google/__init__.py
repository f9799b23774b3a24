"""Bazel."""
import _crom
from conan.tools.google.bazel import Bazel
from conan.tools.google.layout import bazel_layout

__all__ = ["Bazel", "BazelDeps", "BazelToolchain", "bazel_layout"]


class BazelDeps:
    """Not done yet."""

    def __init__(self, conanfile):
        raise _crom.unsupported("conan.tools.google.BazelDeps")


class BazelToolchain:
    """Not done yet."""

    bazelrc_name = "conan_bzl.rc"
    bazelrc_config = "conan-config"

    def __init__(self, conanfile):
        raise _crom.unsupported("conan.tools.google.BazelToolchain")
