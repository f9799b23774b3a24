import os

from conan import ConanFile
from conan.tools.files import copy
from conan.tools.google import Bazel, bazel_layout


class {{ class_name }}(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    package_type = "application"
    settings = "os", "compiler", "build_type", "arch"
    generators = "BazelToolchain"{% if requires %}, "BazelDeps"{% endif %}

    # The sources are beside this file
    exports_sources = "main/*", "WORKSPACE", ".bazelrc"

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

    def build(self):
        self.output.warning("this template is for Bazel 6, the one for Bazel 7.1 and later is "
                            "'bazel_7_exe'", warn_tag="deprecated")
        bazel = Bazel(self)
        bazel.build(target="//main:{{ name }}")

    def package(self):
        built = os.path.join(self.build_folder, "bazel-bin", "main")
        for program in ("{{ name }}", "{{ name }}.exe"):
            copy(self, program, built, os.path.join(self.package_folder, "bin"), keep_path=False)
