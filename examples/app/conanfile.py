from conan import ConanFile
from conan.tools.cmake import CMake, cmake_layout


class SqueezeRecipe(ConanFile):
    name = "squeeze"
    version = "1.0"
    package_type = "application"
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeDeps", "CMakeToolchain"

    def requirements(self):
        self.requires("zlib-ng/[>=2.1 <3]")

    def layout(self):
        cmake_layout(self)

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()
