import os

from conan import ConanFile
from conan.tools.files import copy
from conan.tools.layout import basic_layout
from conan.tools.premake import Premake, PremakeDeps, PremakeToolchain


class {{ class_name }}(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    package_type = "application"

    # Shown to the users of the package
    license = "The licence of {{ name }}"
    author = "Your name and address"
    url = "Where this recipe lives"
    description = "What {{ name }} is for"
    topics = ("one", "or", "more", "tags")

    settings = "os", "compiler", "build_type", "arch"

    # The sources are beside this file
    exports_sources = "premake5.lua", "src/*"

    def layout(self):
        basic_layout(self)
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

    def generate(self):
        deps = PremakeDeps(self)
        deps.generate()
        tc = PremakeToolchain(self)
        tc.generate()

    def build(self):
        premake = Premake(self)
        premake.configure()
        premake.build(workspace="{{ name | capitalize }}")

    def package(self):
        built = os.path.join(self.build_folder, "bin")
        for program in ("{{ name }}", "{{ name }}.exe"):
            copy(self, program, built, os.path.join(self.package_folder, "bin"), keep_path=False)
