import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.google import Bazel, bazel_layout


class {{ test_class_name }}(ConanFile):
    settings = "os", "compiler", "build_type", "arch"
    generators = "BazelToolchain", "BazelDeps"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        bazel_layout(self)

    def build(self):
        bazel = Bazel(self)
        bazel.build(target="//main:example")

    def test(self):
        if can_run(self):
            command = os.path.join(self.cpp.build.bindir, "main", "example")
            self.run(command, env="conanrun")
