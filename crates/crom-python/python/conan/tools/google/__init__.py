"""Bazel."""
from conan.tools.google.bazel import Bazel
from conan.tools.google.bazeldeps import BazelDeps
from conan.tools.google.layout import bazel_layout
from conan.tools.google.toolchain import BazelToolchain

__all__ = ["Bazel", "BazelDeps", "BazelToolchain", "bazel_layout"]
