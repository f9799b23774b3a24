import os

from conan import ConanFile
from conan.tools.files import copy
from conan.tools.google import Bazel, bazel_layout


class {{ class_name }}(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    package_type = "library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    generators = "BazelToolchain"{% if requires %}, "BazelDeps"{% endif %}

    # The sources are beside this file
    exports_sources = "main/*", "MODULE.bazel", ".bazelrc"

    def config_options(self):
        if self.settings.os == "Windows":
            self.options.rm_safe("fPIC")

    def configure(self):
        if self.options.shared:
            self.options.rm_safe("fPIC")

    def layout(self):
        bazel_layout(self)
{%- if requires %}

    def requirements(self):
        {%- for require in requires %}
        self.requires("{{ require }}")
        {%- endfor %}
{%- endif %}
{%- if tool_requires %}

    def build_requirements(self):
        {%- for require in tool_requires %}
        self.tool_requires("{{ require }}")
        {%- endfor %}
{%- endif %}

    @property
    def _shared_target(self):
        # On Linux cc_library makes a shared library too, under the plain name.
        return self.options.shared and self.settings.os != "Linux"

    def build(self):
        bazel = Bazel(self)
        if self._shared_target:
            bazel.build(args=["--experimental_cc_shared_library"],
                        target="//main:{{ name }}_shared")
        else:
            bazel.build(target="//main:{{ name }}")

    def package(self):
        built = os.path.join(self.build_folder, "bazel-bin", "main")
        lib = os.path.join(self.package_folder, "lib")
        pic = self.settings.os == "Linux" and self.options.get_safe("fPIC")
        for pattern in ("*.so", "*.dylib", "*.lib", "*.pic.a" if pic else "*.a"):
            copy(self, pattern, built, lib, keep_path=False)
        copy(self, "*.dll", built, os.path.join(self.package_folder, "bin"), keep_path=False)
        copy(self, "{{ name }}.h", os.path.join(self.source_folder, "main"),
             os.path.join(self.package_folder, "include"), keep_path=False)

    def package_info(self):
        suffix = "_shared" if self._shared_target else ""
        self.cpp_info.libs = ["{{ name }}" + suffix]
