from conan import ConanFile


class AliasConanfile(ConanFile):
    name = "{{ name }}"
    version = "{{ version }}"
    alias = "{{ name }}/{{ target }}"
    revision_mode = "{{ revision_mode }}"
