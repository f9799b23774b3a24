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


def declared(conanfile, extra):
    """Runs the generators of the attribute and those of the command line."""
    own = conanfile.generators
    generators = list(own)
    generators += [name for name in extra if name not in generators]
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
