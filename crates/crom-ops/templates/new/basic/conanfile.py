from conan import ConanFile


class {{ class_name }}(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    description = "{{ description | default('A basic recipe') }}"
    license = "{{ license | default('<Your project license goes here>') }}"
    homepage = "{{ homepage | default('<Your project homepage goes here>') }}"
    {%- if settings is defined %}
    settings = "os", "compiler", "build_type", "arch"
    {%- endif %}

    def requirements(self):
        # What {{ name }} needs to be built and used, for example:
        # self.requires("zlib/1.2.13")
        {%- for require in requires %}
        self.requires("{{ require }}")
        {%- else %}
        pass
        {%- endfor %}

    def build_requirements(self):
        # Tools that are needed only while building, for example:
        # self.tool_requires("cmake/[>=3.15]")
        {%- for require in tool_requires %}
        self.tool_requires("{{ require }}")
        {%- else %}
        pass
        {%- endfor %}

    def generate(self):
        # Write the files that the build needs: toolchains, dependency descriptions.
        pass

    def build(self):
        # Run the build system, with a helper of conan.tools or with self.run(...).
        pass

    def package(self):
        # Copy what users need into self.package_folder.
        pass
