import os

from conan import ConanFile
from conan.tools.files import copy
from conan.tools.microsoft import MSBuild, {% if requires %}MSBuildDeps, {% endif %}MSBuildToolchain, vs_layout


class {{ class_name }}(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    package_type = "application"
    settings = "os", "compiler", "build_type", "arch"

    # The sources are beside this file
    exports_sources = "{{ name }}.sln", "{{ name }}.vcxproj", "src/*"

    def layout(self):
        vs_layout(self)
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
        {%- if requires %}
        deps = MSBuildDeps(self)
        deps.generate()
        {%- endif %}
        tc = MSBuildToolchain(self)
        tc.generate()

    def build(self):
        msbuild = MSBuild(self)
        msbuild.build("{{ name }}.sln")

    def package(self):
        copy(self, "*{{ name }}.exe", self.build_folder, os.path.join(self.package_folder, "bin"),
             keep_path=False)
