from conan import ConanFile, Workspace
from conan.tools.cmake import CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import save


class Monolith(ConanFile):
    """Layout and generators of the workspace as a whole; its packages bring the requirements."""

    settings = "os", "compiler", "build_type", "arch"

    def layout(self):
        cmake_layout(self)

    def generate(self):
        deps = CMakeDeps(self)
        deps.generate()
        tc = CMakeToolchain(self)
        tc.generate()


class Ws(Workspace):

    def root_conanfile(self):
        return Monolith

    def build_order(self, order):
        super().build_order(order)  # prints it
        packages = [f"{item['ref'].name}:{item['folder']}" for level in order for item in level]
        save(self, "build/conanws_build_order.cmake",
             f"set(CONAN_WS_BUILD_ORDER {' '.join(packages)})")
