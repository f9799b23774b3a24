"""The blocks of conan_toolchain.cmake, for recipes that change them.

Blocks that nobody looks at never get here: they are rendered in one go.
"""

import _crom

WINDOWS = "windows"
# Between architectures of a universal binary: `armv8|x86_64`.
universal_arch_separator = "|"

CONAN_TOOLCHAIN_FILENAME = "conan_toolchain.cmake"


class Block:
    """A piece of conan_toolchain.cmake: a Jinja template over values.

    To be subclassed with a `template` and a `context()` that returns a dict, or None for a block
    that isn't to be in the file.
    """

    def __init__(self, conanfile, toolchain, name):
        self._conanfile = conanfile
        self._toolchain = toolchain
        self._context_values = None
        self._has_values = False
        self._name = name

    @property
    def values(self):
        """What the template sees; may be changed in place or replaced."""
        if not self._has_values:
            self._context_values = self.context()
            self._has_values = True
        return self._context_values

    @values.setter
    def values(self, context_values):
        self._context_values = context_values
        self._has_values = True

    def get_rendered_content(self):
        """The text, or None for a block that isn't to be in the file."""
        values = self.values
        if values is None:
            return None
        return _crom.call("cmake.toolchain.render_template",
                          {"name": self._name, "template": self.template, "values": _data(values)})

    def context(self):
        """The values."""
        return {}

    @property
    def template(self):
        raise NotImplementedError()

    def _crom_block(self):
        values = self.values
        return {"name": self._name, "template": self.template,
                "values": None if values is None else _data(values), "is_own": True}


class _DefaultBlock(Block):
    """One of the blocks that are always there. The template and the values come on demand."""

    # The block that a class is, also where a recipe gives it another name.
    _block = None

    def __init__(self, conanfile, toolchain, name):
        super().__init__(conanfile, toolchain, name)
        self._template = None

    @property
    def template(self):
        if self._template is None:
            return _crom.call("cmake.toolchain.template", {"name": self._block or self._name})
        return self._template

    @template.setter
    def template(self, value):
        self._template = value

    def context(self):
        return self._toolchain._block_values(self._block or self._name)

    def _crom_block(self):
        if self._block != self._name or type(self).context is not _DefaultBlock.context \
                or type(self).template is not _DefaultBlock.template:
            return Block._crom_block(self)
        block = {"name": self._name}
        if self._template is not None:
            block["template"] = self._template
        if self._has_values or "context" in self.__dict__:
            values = self.values
            block["values"] = None if values is None else _data(values)
            block["is_own"] = True
        return block


_CLASS_NAMES = {
    "user_toolchain": "UserToolchain",
    "generic_system": "GenericSystemBlock",
    "compilers": "CompilersBlock",
    "android_system": "AndroidSystemBlock",
    "apple_system": "AppleSystemBlock",
    "fpic": "FPicBlock",
    "arch_flags": "ArchitectureBlock",
    "linker_scripts": "LinkerScriptsBlock",
    "rpath_link_flags": "RpathLinkFlagsBlock",
    "libcxx": "GLibCXXBlock",
    "vs_runtime": "VSRuntimeBlock",
    "vs_debugger_environment": "VSDebuggerEnvironment",
    "cppstd": "CppStdBlock",
    "parallel": "ParallelBlock",
    "extra_flags": "ExtraFlagsBlock",
    "cmake_flags_init": "CMakeFlagsInitBlock",
    "extra_variables": "ExtraVariablesBlock",
    "try_compile": "TryCompileBlock",
    "find_paths": "FindFiles",
    "pkg_config": "PkgConfigBlock",
    "rpath": "SkipRPath",
    "shared": "SharedLibBock",
    "output_dirs": "OutputDirsBlock",
    "variables": "VariablesBlock",
    "preprocessor": "PreprocessorBlock",
}


for _name, _class_name in _CLASS_NAMES.items():
    globals()[_class_name] = type(_class_name, (_DefaultBlock,), {"_block": _name})


def default_block(conanfile, toolchain, name):
    cls = globals().get(_CLASS_NAMES.get(name), _DefaultBlock)
    return cls(conanfile, toolchain, name)


class ToolchainBlocks:
    """The blocks by name, in the order of the file."""

    def __init__(self, conanfile, toolchain, names):
        self._conanfile = conanfile
        self._toolchain = toolchain
        # None for a block that nobody has looked at
        self._blocks = {name: None for name in names}

    def keys(self):
        return self._blocks.keys()

    def items(self):
        return {name: self[name] for name in self._blocks}.items()

    def remove(self, name, *args):
        """Removes blocks."""
        for it in (name,) + args:
            if it not in self._blocks:
                raise KeyError(it)
            del self._blocks[it]

    def select(self, name, *args):
        """Keeps these blocks, and 'variables' and 'preprocessor'."""
        self._conanfile.output.warning("CMakeToolchain.select is deprecated. Use blocks.enabled() "
                                       "instead", warn_tag="deprecated")
        self._keep((name,) + args + ("variables", "preprocessor"))

    def enabled(self, name, *args):
        """Keeps exactly these blocks."""
        self._keep((name,) + args)

    def _keep(self, names):
        self._blocks = {name: block for name, block in self._blocks.items() if name in names}

    def __setitem__(self, name, block_type):
        # Any class with a template and a context() will do
        block_type = type("proxyUserBlock", (block_type, Block), {})
        self._blocks[name] = block_type(self._conanfile, self._toolchain, name)

    def __getitem__(self, name):
        block = self._blocks[name]
        if block is None:
            block = default_block(self._conanfile, self._toolchain, name)
            self._blocks[name] = block
        return block

    def process_blocks(self):
        """(name, text) of the blocks that are in the file."""
        found = []
        for name, block in self.items():
            text = block.get_rendered_content()
            if text:
                found.append((name, text))
        return found

    def _crom_data(self):
        return [{"name": name} if block is None else block._crom_block()
                for name, block in self._blocks.items()]


def _data(value):
    """Values as plain data, with options as what they mean."""
    from conan.tools.cmake._bridge import option_value
    if isinstance(value, dict):
        return {str(key): _data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_data(item) for item in value]
    if isinstance(value, set):
        return sorted(_data(item) for item in value)
    return option_value(value)
