from conan import ConanFile
from conan.tools.files import copy
from conan.tools.layout import basic_layout


class {{ class_name }}(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    package_type = "header-library"

    # Shown to the users of the package
    license = "The licence of {{ name }}"
    author = "Your name and address"
    url = "Where this recipe lives"
    description = "What {{ name }} is for"
    topics = ("one", "or", "more", "tags")

    # The headers are beside this file
    exports_sources = "include/*"

    # Headers are the same for every configuration: one package id
    implements = ["auto_header_only"]

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

    def package(self):
        copy(self, "include/*", self.source_folder, self.package_folder)

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
