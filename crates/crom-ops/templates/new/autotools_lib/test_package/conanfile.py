import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.gnu import Autotools
from conan.tools.layout import basic_layout


class {{ test_class_name }}(ConanFile):
    settings = "os", "compiler", "build_type", "arch"
    generators = "AutotoolsDeps", "AutotoolsToolchain"
    win_bash = True

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        basic_layout(self)

    def build(self):
        autotools = Autotools(self)
        autotools.autoreconf()
        autotools.configure()
        autotools.make()

    def test(self):
        if can_run(self):
            command = os.path.join(self.cpp.build.bindir, "main")
            self.run(command, env="conanrun")
