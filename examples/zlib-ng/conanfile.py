import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, get, rmdir


class ZlibNgRecipe(ConanFile):
    name = "zlib-ng"
    version = "2.1.5"
    description = "zlib for next generation systems"
    license = "Zlib"
    homepage = "https://github.com/zlib-ng/zlib-ng"
    topics = ("zlib", "compression")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "with_optim": [True, False]}
    default_options = {"shared": False, "fPIC": True, "with_optim": True}
    implements = ["auto_shared_fpic"]
    languages = "C"

    def layout(self):
        cmake_layout(self, src_folder="src")

    @property
    def _library_folder(self):
        return os.path.join(self.source_folder, "src", "zlib_ng", "zlib-ng")

    def source(self):
        get(self, **self.conan_data["sources"][self.version], strip_root=True)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["ZLIB_ENABLE_TESTS"] = False
        toolchain.cache_variables["ZLIBNG_ENABLE_TESTS"] = False
        toolchain.cache_variables["WITH_GTEST"] = False
        toolchain.cache_variables["WITH_OPTIM"] = bool(self.options.with_optim)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure(build_script_folder=self._library_folder)
        cmake.build()

    def package(self):
        copy(self, "LICENSE.md", src=self._library_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        # Consumers get these from CMakeDeps and PkgConfigDeps.
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))

    def package_info(self):
        self.cpp_info.libs = ["z-ng"]
        self.cpp_info.defines = ["WITH_GZFILEOP"]
        self.cpp_info.set_property("cmake_file_name", "zlib-ng")
        self.cpp_info.set_property("cmake_target_name", "zlib-ng::zlib-ng")
        self.cpp_info.set_property("pkg_config_name", "zlib-ng")
