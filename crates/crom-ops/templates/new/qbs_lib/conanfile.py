from conan import ConanFile
from conan.tools.qbs import Qbs


class {{ class_name }}(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    package_type = "library"
    settings = "os", "compiler", "arch"
    options = {"shared": [True, False]}
    default_options = {"shared": False}

    # The sources are beside this file
    exports_sources = "*.cpp", "*.h", "*.qbs"
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
        qbs = Qbs(self)
        shared = "true" if self.options.shared else "false"
        qbs.add_configuration("default", {"products.{{ name }}.isShared": shared})
        qbs.resolve()
        qbs.build()

    def package(self):
        qbs = Qbs(self)
        qbs.install()

    def package_info(self):
        self.cpp_info.libs = ["{{ name }}"]
