"""What happens around a recipe's ``generate()``."""
import _crom
from conan.errors import ConanException, CromUnsupported

# Where generators that are given by name live, in the order in which an error lists them.
_MODULES = {
    "CMakeToolchain": "conan.tools.cmake", "CMakeDeps": "conan.tools.cmake",
    "CMakeConfigDeps": "conan.tools.cmake", "MesonToolchain": "conan.tools.meson",
    "MSBuildDeps": "conan.tools.microsoft", "MSBuildToolchain": "conan.tools.microsoft",
    "NMakeToolchain": "conan.tools.microsoft", "NMakeDeps": "conan.tools.microsoft",
    "VCVars": "conan.tools.microsoft", "VirtualRunEnv": "conan.tools.env",
    "VirtualBuildEnv": "conan.tools.env", "AutotoolsDeps": "conan.tools.gnu",
    "AutotoolsToolchain": "conan.tools.gnu", "GnuToolchain": "conan.tools.gnu",
    "PkgConfigDeps": "conan.tools.gnu", "BazelDeps": "conan.tools.google",
    "BazelToolchain": "conan.tools.google", "IntelCC": "conan.tools.intel",
    "XcodeDeps": "conan.tools.apple", "XcodeToolchain": "conan.tools.apple",
    "PremakeDeps": "conan.tools.premake", "PremakeToolchain": "conan.tools.premake",
    "MakeDeps": "conan.tools.gnu", "SConsDeps": "conan.tools.scons", "QbsDeps": "conan.tools.qbs",
    "QbsProfile": "conan.tools.qbs", "CPSDeps": "conan.tools.cps", "ROSEnv": "conan.tools.ros",
}


def check_duplicated(generator, conanfile):
    """A generator may be declared or made in generate(), but not both."""
    name = type(generator).__name__
    own = getattr(conanfile, "generators", None) or ()
    if isinstance(own, str):
        own = (own,)
    if any(name == (item if isinstance(item, str) else getattr(item, "__name__", None))
           for item in own):
        raise ConanException(f"{name} is declared in the generators attribute, but was "
                             "instantiated in the generate() method too. It should only be "
                             "present in one of them.")


def _generator_class(name):
    from importlib import import_module
    module = _MODULES.get(name)
    if module is None:
        from conan.internal.extensions import generator
        found = generator(name)
        if found is None:
            raise ConanException(f"Invalid generator '{name}'. Available types: "
                                 f"{', '.join(_MODULES)}")
        return found
    return getattr(import_module(module), name)


def given(generator_info):
    """``generator_info`` as data that consumers find the generators by: names as they are, classes
    with the file that defines them."""
    if generator_info is None:
        return []
    if not isinstance(generator_info, list):
        return [{"invalid": type(generator_info).__name__}]
    return [item if isinstance(item, str) else _address(item) for item in generator_info]


def _address(cls):
    import sys
    module = sys.modules.get(cls.__module__)
    return {"class": cls.__qualname__, "module": cls.__module__,
            "file": getattr(module, "__file__", None)}


def _found(address):
    """The class of such data; its file is executed if this process hasn't done so."""
    import sys
    from importlib import import_module
    file = address["file"]
    module = sys.modules.get(address["module"])
    if module is None or getattr(module, "__file__", None) != file:
        if file is None:
            module = import_module(address["module"])
        else:
            from conan.internal.extensions import module as execute
            module = execute(file)
    found = module
    for name in address["class"].split("."):
        found = getattr(found, name)
    return found


def as_given(generator_info):
    """What the recipe said."""
    return [item if isinstance(item, str) else _found(item) for item in generator_info]


def _of_tools(conanfile):
    """The generators that direct tools want their consumers to run."""
    collected = []
    for tool in conanfile.dependencies.direct_build.values():
        wanted = tool._view.generator_info() or []
        for item in wanted:
            if isinstance(item, dict) and "invalid" in item:
                raise ConanException(f"{tool} 'generator_info' must be a list")
        if wanted:
            found = as_given(wanted)
            names = [item if isinstance(item, str) else item.__name__ for item in found]
            _crom.warning("experimental", "", f"Tool-require {tool} adding generators: {names}")
            collected += found
    return collected


def declared(conanfile, extra):
    """Runs the generators of the attribute and those of the command line."""
    own = conanfile.generators
    generators = list(own)
    generators += [name for name in extra if name not in generators]
    if conanfile._conan_view is not None:
        generators += [item for item in _of_tools(conanfile) if item not in generators]
    if not generators:
        return
    seen = []
    # A generator that is declared refuses to run from generate(), so it must not see itself here.
    conanfile.generators = []
    for generator in generators:
        if generator in seen:
            continue
        seen.append(generator)
        cls = _generator_class(generator) if isinstance(generator, str) else generator
        name = cls.__name__
        conanfile.output.info(f"Generator '{name}' calling 'generate()'")
        try:
            cls(conanfile).generate()
        except CromUnsupported:
            raise
        except Exception as error:
            raise ConanException(f"Error in generator '{name}': {error}") from error
    conanfile.generators = own


def source_environment(conanfile):
    """What ``source()`` runs in with ``source_buildenv = True``: what the tools give to builds."""
    if not getattr(conanfile, "source_buildenv", None) or conanfile._conan_view is None:
        return None
    from conan.tools.env import VirtualBuildEnv
    return VirtualBuildEnv(conanfile, auto_generate=True).vars().apply()


def environment(conanfile, scripts):
    """The scripts for ``conanbuild`` and ``conanrun``."""
    if scripts:
        if conanfile.virtualbuildenv:
            from conan.tools.env import VirtualBuildEnv
            VirtualBuildEnv(conanfile, auto_generate=True).generate()
        if conanfile.virtualrunenv:
            from conan.tools.env import VirtualRunEnv
            VirtualRunEnv(conanfile, auto_generate=True).generate()
        conanfile.output.info("Generating aggregated env files")
        generated = _crom.call_with(conanfile, "env.generate_aggregated", {
            "scripts": getattr(conanfile, "env_scripts", {})})
        if generated:
            conanfile.output.info(f"Generated aggregated env files: {generated}")
