import os

from conan import ConanFile
from conan.tools.build import can_run, cmd_args_to_string
from conan.tools.qbs import Qbs


class {{ test_class_name }}(ConanFile):
    settings = "os", "compiler", "build_type", "arch"
    generators = "PkgConfigDeps"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def build(self):
        qbs = Qbs(self)
        qbs.resolve()
        qbs.build()
        qbs.install()

    def test(self):
        if can_run(self):
            command = os.path.join(self.package_folder, "bin", "example")
            self.run(cmd_args_to_string([command]), env="conanrun")
