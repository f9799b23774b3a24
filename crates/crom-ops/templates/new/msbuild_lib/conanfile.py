import os

from conan import ConanFile
from conan.tools.files import copy
from conan.tools.microsoft import MSBuild, {% if requires %}MSBuildDeps, {% endif %}MSBuildToolchain, vs_layout


class {{ class_name }}(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    package_type = "static-library"  # as the project file says
    settings = "os", "compiler", "build_type", "arch"

    # The sources are beside this file
    exports_sources = "{{ name }}.sln", "{{ name }}.vcxproj", "src/*", "include/*"

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
        headers = os.path.join(self.source_folder, "include")
        copy(self, "*.h", headers, os.path.join(self.package_folder, "include"))
        copy(self, "*.lib", self.build_folder, os.path.join(self.package_folder, "lib"),
             keep_path=False)

    def package_info(self):
        self.cpp_info.libs = ["{{ name }}"]
