import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.microsoft import MSBuild, MSBuildToolchain, vs_layout


class {{ test_class_name }}(ConanFile):
    settings = "os", "compiler", "build_type", "arch"
    generators = "MSBuildDeps"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        vs_layout(self)

    def generate(self):
        tc = MSBuildToolchain(self)
        tc.generate()

    def build(self):
        msbuild = MSBuild(self)
        msbuild.build("test_{{ name }}.sln")

    def test(self):
        if can_run(self):
            command = os.path.join(self.cpp.build.bindir, "test_{{ name }}")
            self.run(command, env="conanrun")
