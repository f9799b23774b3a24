import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.layout import basic_layout
from conan.tools.premake import Premake


class {{ test_class_name }}(ConanFile):
    settings = "os", "compiler", "build_type", "arch"
    generators = "PremakeDeps", "PremakeToolchain"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        basic_layout(self)

    def build(self):
        premake = Premake(self)
        premake.configure()
        premake.build(workspace="Example")

    def test(self):
        if can_run(self):
            command = os.path.join(self.cpp.build.bindir, "bin", "example")
            self.run(command, env="conanrun")
