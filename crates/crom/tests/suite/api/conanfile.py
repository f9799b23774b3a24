"""Looks for every name of surface.json, and says what is missing or has other parameters."""
import importlib
import json
import os

from conan import ConanFile

OBJECTS = {
    "self (in generate)": lambda self: self,
    "self.settings": lambda self: self.settings,
    "self.settings.compiler (SettingsItem)": lambda self: self.settings.compiler,
    "self.options": lambda self: self.options,
    "self.options.shared": lambda self: self.options.shared,
    "self.dependencies": lambda self: self.dependencies,
    "self.dependencies key (Requirement)": lambda self: list(self.dependencies.items())[0][0],
    "self.dependencies item": lambda self: self.dependencies["dep"],
    "self.dependencies item.ref": lambda self: self.dependencies["dep"].ref,
    "self.dependencies item.ref.version": lambda self: self.dependencies["dep"].ref.version,
    "self.dependencies item.pref": lambda self: self.dependencies["dep"].pref,
    "self.dependencies item.cpp_info": lambda self: self.dependencies["dep"].cpp_info,
    "self.dependencies item.settings": lambda self: self.dependencies["dep"].settings,
    "self.dependencies item.options": lambda self: self.dependencies["dep"].options,
    "self.dependencies item.folders": lambda self: self.dependencies["dep"].folders,
    "self.cpp_info": lambda self: self.cpp_info,
    "self.cpp_info.components[x]": lambda self: self.cpp_info.components["x"],
    "self.cpp.package": lambda self: self.cpp.package,
    "self.cpp": lambda self: self.cpp,
    "self.buildenv_info": lambda self: self.buildenv_info,
    "self.runenv_info": lambda self: self.runenv_info,
    "self.buildenv": lambda self: self.buildenv,
    "self.conf": lambda self: self.conf,
    "self.conf_info": lambda self: self.conf_info,
    "self.layouts": lambda self: self.layouts,
    "self.layouts.build": lambda self: self.layouts.build,
    "self.folders": lambda self: self.folders,
    "self.output": lambda self: self.output,
    "self.info (in generate)": lambda self: self.info,
    "self.requires": lambda self: self.requires,
    "self.tool_requires": lambda self: self.tool_requires,
    "self.info (in package_id)": lambda self: self.info,
    "self.info.settings": lambda self: self.info.settings,
    "self.info.options": lambda self: self.info.options,
    "self.info.requires": lambda self: self.info.requires,
    "self.info.build_requires": lambda self: self.info.build_requires,
    "self.info.python_requires": lambda self: self.info.python_requires,
    "self.info.conf": lambda self: self.info.conf,
    "self.info.requires[x]": lambda self: self.info.requires["dep"],
}

# Parts of the reference's own machinery that inspection finds, and no recipe has a use for: what
# resolves graphs, pieces of templates, names that modules import from elsewhere.
MACHINERY = {
    # Methods that the recipe had which was inspected, and what the reference's resolver notes.
    "self (in generate)": {"build_requirements", "generate", "layout", "package_id",
                           "package_info", "requirements", "buildenv_build", "deps_options",
                           "original_info", "private_up_options", "self_options", "up_options"},
    "cpp_info": {"deduce_full_cpp_info", "set_consumer", "set_relative_base_relative_folder"},
    "self.cpp_info.components[x]": {"deduce_locations", "set_consumer", "ignored_requires",
                                    "set_relative_base_relative_folder"},
    # Templates of files that are rendered natively here.
    "conan.tools.cmake.cmakedeps.templates.CMakeDepsFileTemplate": None,
    "conan.tools.cmake.cmakedeps.templates.config": None,
    "conan.tools.cmake.cmakedeps.templates.config_version": None,
    "conan.tools.cmake.cmakedeps.templates.macros": None,
    "conan.tools.cmake.cmakedeps.templates.target_configuration": None,
    "conan.tools.cmake.cmakedeps.templates.target_data": None,
    "conan.tools.cmake.cmakedeps.templates.targets": None,
    "conan.tools.cmake.cmakeconfigdeps.config": None,
    "conan.tools.cmake.cmakeconfigdeps.config_version": None,
    "conan.tools.cmake.cmakeconfigdeps.target_configuration": None,
    "conan.tools.cmake.cmakeconfigdeps.targets": None,
    "conan.tools.apple.xcodedeps": {"GLOBAL_XCCONFIG_TEMPLATE"},
    "conan.tools.apple.xcodetoolchain": {"GLOBAL_XCCONFIG_TEMPLATE"},
    "conan.tools.gnu.makedeps": {"DepComponentContentGenerator", "DepComponentGenerator",
                                 "DepContentGenerator", "DepGenerator", "GlobalContentGenerator",
                                 "GlobalGenerator", "MakeInfo"},
    "conan.tools.premake.premakedeps": {"PREMAKE_CONFIG_FILE", "PREMAKE_PKG_FILE",
                                        "PREMAKE_TEMPLATE_CONFIG", "PREMAKE_TEMPLATE_ROOT_BUILD",
                                        "PREMAKE_TEMPLATE_ROOT_FUNCTION",
                                        "PREMAKE_TEMPLATE_ROOT_GLOBAL",
                                        "PREMAKE_TEMPLATE_ROOT_LINK", "PREMAKE_TEMPLATE_UTILS",
                                        "PREMAKE_TEMPLATE_VAR", "PREMAKE_VAR_FILE"},
    # Workspaces are a feature of their own.
    "conan": {"Workspace"},
}

# Objects of one class.
KINDS = {
    "options": {"self.options", "self.info.options", "self.dependencies item.options"},
    "settings": {"self.settings", "self.info.settings", "self.dependencies item.settings"},
    "cpp_info": {"self.cpp_info", "self.cpp.package", "self.dependencies item.cpp_info"},
    "conf": {"self.conf", "self.conf_info", "self.info.conf"},
    "env_info": {"self.buildenv_info", "self.runenv_info", "self.buildenv"},
}

METHODS = {"self.info (in package_id)", "self.info.settings", "self.info.options",
           "self.info.requires", "self.info.build_requires", "self.info.python_requires",
           "self.info.conf", "self.info.requires[x]"}


def parameters(function):
    """Parameters as surface.json has them; None for those that Rust implements."""
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    names = list(code.co_varnames[:code.co_argcount + code.co_kwonlyargcount])
    defaults = dict(zip(reversed(names[:code.co_argcount]), reversed(function.__defaults__ or ())))
    defaults.update(function.__kwdefaults__ or {})
    found = []
    for name in names:
        if name in ("self", "cls") and not found:
            continue
        found.append(f"{name}={defaults[name]!r}" if name in defaults else name)
    more = code.co_varnames[len(names):]
    if code.co_flags & 4:
        found.insert(code.co_argcount - 1, "*" + more[0])
        more = more[1:]
    if code.co_flags & 8:
        found.append("**" + more[0])
    return found


def expect(parameter):
    """A parameter of surface.json, whose default is JSON, as `parameters()` has it."""
    name, equals, default = parameter.partition("=")
    return f"{name}={json.loads(default)!r}" if equals else name


def machinery(where):
    """Names that aren't looked for; None for a whole module or class."""
    kind = next((kind for kind, names in KINDS.items() if where in names), where)
    return MACHINERY.get(kind, ())


class Checker:
    def __init__(self, conanfile, surface):
        self.conanfile = conanfile
        self.surface = surface
        self.missing = []

    def need(self, where, owner, name):
        if name in (machinery(where) or ()):
            return None
        try:
            return getattr(owner, name)
        except Exception as error:
            # There, but not now: `export_path` in generate().
            if not hasattr(type(owner), name):
                self.missing.append(f"{where}.{name}: {type(error).__name__} {error}")

    def signature(self, where, function, expected):
        if function is None:
            return
        found = parameters(function)
        if found is None:
            return
        # A function that takes anything takes these too.
        loose = any(it.startswith("*") for it in found)
        expected = [expect(it) for it in expected]
        if found != expected and not loose:
            self.missing.append(f"{where}({', '.join(found)}), not ({', '.join(expected)})")

    def module(self, name, content):
        if machinery(name) is None:
            return
        try:
            module = importlib.import_module(name)
        except Exception as error:
            self.missing.append(f"{name}: {type(error).__name__} {error}")
            return
        for function, expected in content.get("functions", {}).items():
            self.signature(f"{name}.{function}", self.need(name, module, function), expected)
        for other in content.get("other", ()):
            self.need(name, module, other)
        for cls, expected in content.get("classes", {}).items():
            found = self.need(name, module, cls)
            if found is not None:
                self.cls(f"{name}.{cls}", found, expected)

    def cls(self, where, cls, expected):
        if machinery(where) is None:
            return
        if "init" in expected:
            self.signature(where, cls.__init__, expected["init"])
        for method, wanted in expected.get("methods", {}).items():
            self.signature(f"{where}.{method}", self.need(where, cls, method), wanted)
        for name in list(expected.get("class", ())):
            self.need(where, cls, name)
        for name in expected.get("properties", ()):
            if not hasattr(cls, name):
                self.missing.append(f"{where}.{name}")
        if expected.get("init") == ["conanfile"] and expected.get("instance"):
            try:
                instance = cls(self.conanfile)
            except Exception as error:
                self.conanfile.output.info(f"not made: {where}: {error}")
                return
            for name in expected["instance"]:
                self.need(where, instance, name)

    def objects(self, wanted):
        for name, expected in self.surface["objects"].items():
            if name in OBJECTS and (name in METHODS) == wanted:
                try:
                    found = OBJECTS[name](self.conanfile)
                except Exception as error:
                    self.missing.append(f"{name}: {type(error).__name__} {error}")
                    continue
                skipped = machinery(name)
                for method, parameters_ in expected["methods"].items():
                    if method not in skipped:
                        self.signature(f"{name}.{method}", self.need(name, found, method),
                                       parameters_)
                for attribute in expected["attributes"]:
                    if attribute not in skipped:
                        self.need(name, found, attribute)

    def report(self):
        for text in self.missing:
            self.conanfile.output.info(f"MISSING {text}")
        self.conanfile.output.info(f"CHECKED {len(self.missing)} missing")


def surface():
    with open(os.path.join(os.path.dirname(__file__), "surface.json")) as file:
        return json.load(file)


class Check(ConanFile):
    name = "check"
    version = "1.0"
    exports = "surface.json"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}
    requires = "dep/1.0"
    tool_requires = "dep/1.0"

    def layout(self):
        self.folders.generators = "generators"

    def package_id(self):
        checker = Checker(self, surface())
        checker.objects(True)
        checker.report()

    def generate(self):
        names = surface()
        checker = Checker(self, names)
        for module, content in names["modules"].items():
            checker.module(module, content)
        for module, found in names["submodules"].items():
            checker.module(module, {"other": found})
        checker.objects(False)
        checker.report()
