"""Finds what recipes import: modules beside them, and names that Crom doesn't have."""
import sys
import _crom
from _frozen_importlib import ModuleSpec

# Folders of recipes whose code is being executed, innermost last.
_folders = []


class _Finder:
    """Modules beside a recipe, and in folders that it put into ``sys.path``."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith(("conan.", "conans")):
            from conan.errors import CromUnsupported
            if name.startswith("conans"):
                return None
            raise CromUnsupported(f"{name} is not supported by Crom yet")
        folders = list(path) if path else [*reversed(_folders), *sys.path]
        tail = name.rpartition(".")[2]
        for folder in folders:
            base = f"{folder}/{tail}"
            init = f"{base}/__init__.py"
            if _crom.path_kind(init) == "file":
                return _spec(name, init, base)
            if _crom.path_kind(f"{base}.py") == "file":
                return _spec(name, f"{base}.py", None)
            if _crom.path_kind(base) == "dir" and folder in _folders:
                return _spec(name, None, base)
        return None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        path = module.__spec__.origin
        if path is not None:
            module.__file__ = path
            exec(_crom.load_code(path), module.__dict__)


def _spec(name, path, package):
    spec = ModuleSpec(name, _Finder, origin=path, is_package=package is not None)
    if package is not None:
        spec.submodule_search_locations = [package]
    return spec


def load(path, folder, name):
    """Executes a recipe as a module with a name of its own."""
    from types import ModuleType
    module = ModuleType(name)
    module.__file__ = path
    before = set(sys.modules)
    sys.modules[name] = module
    _folders.append(folder)
    path_before = list(sys.path)
    bytecode = sys.dont_write_bytecode
    try:
        exec(_crom.load_code(path), module.__dict__)
    except BaseException:
        sys.modules.pop(name, None)
        _check_required_version(module)
        raise
    finally:
        _folders.pop()
        sys.path[:] = path_before
        sys.dont_write_bytecode = bytecode
        _hide(folder, name, before)
    _check_required_version(module)
    return module


def _check_required_version(module):
    """``required_conan_version`` of a recipe's module, also of one that failed later."""
    required = getattr(module, "required_conan_version", None)
    if required:
        from conan import conan_version
        if not conan_version.in_range(required, resolve_prerelease=True):
            from conan.errors import ConanException
            raise ConanException(f"Current Conan version ({conan_version}) does not satisfy the "
                                 f"defined one ({required}).")


def _hide(folder, name, before):
    """Another recipe may have modules of the same names: keep these under names of their own."""
    prefix = folder.rstrip("/") + "/"
    for key in set(sys.modules) - before:
        module = sys.modules[key]
        spec = getattr(module, "__spec__", None)
        if key == name or getattr(spec, "loader", None) is not _Finder:
            continue
        places = [getattr(module, "__file__", None) or ""]
        places += list(getattr(module, "__path__", None) or [])
        if any(place.startswith(prefix) for place in places):
            del sys.modules[key]
            sys.modules[f"{name}.{key}"] = module


def recipe_class(module, path):
    """The one class of a module that is a recipe."""
    from conan.errors import ConanException
    from conan.internal.model.conan_file import ConanFile
    found = []
    for value in module.__dict__.values():
        if isinstance(value, type) and issubclass(value, ConanFile) and value is not ConanFile \
                and value.__module__ == module.__name__ and value not in found:
            found.append(value)
    # A base class in the same file isn't the recipe.
    leaves = [it for it in found if not any(it in other.__mro__[1:] for other in found)]
    if not found:
        raise ConanException("No subclass of ConanFile")
    if len(leaves) > 1:
        raise ConanException("More than 1 conanfile in the file")
    return leaves[0]


class PyRequire:
    """One ``self.python_requires["name"]``"""

    def __init__(self, module, conanfile, ref, path):
        self.module = module
        self.conanfile = conanfile
        self.ref = ref
        self.path = path


class PyRequires:
    """``self.python_requires``"""

    def __init__(self):
        self._pyrequires = {}

    def _add(self, py_require):
        self._pyrequires[py_require.ref.name] = py_require

    def all_refs(self):
        return [it.ref for it in self._pyrequires.values()]

    def items(self):
        return self._pyrequires.items()

    def values(self):
        return self._pyrequires.values()

    def __getitem__(self, item):
        try:
            return self._pyrequires[item]
        except KeyError:
            from conan.errors import ConanException
            raise ConanException(f"'{item}' not found in the python_requires set") from None

    def __setitem__(self, key, value):
        self._pyrequires[key] = value

    def __contains__(self, item):
        return item in self._pyrequires


def bind(cls, requires):
    """Gives a class its python requires, and the bases that it takes from them."""
    from conan.errors import ConanException
    from conan.internal.model.recipe_ref import RecipeReference
    collected = PyRequires()
    for module, conanfile, reference, path in requires:
        py_require = PyRequire(module, conanfile, RecipeReference.loads(reference), path)
        if py_require.ref.name not in collected:
            collected._add(py_require)
    cls.python_requires = collected
    extend = cls.__dict__.get("python_requires_extend") or getattr(cls, "python_requires_extend", None)
    if not extend:
        return cls
    for text in [extend] if isinstance(extend, str) else extend:
        name, _, base_name = text.partition(".")
        base = getattr(collected[name].module, base_name, None)
        if base is None:
            raise ConanException(f"python_requires_extend: '{text}' not found")
        cls.__bases__ = (base,) + cls.__bases__
    return cls


class Plain:
    """Marks the class made for what has no code."""


def declared(display):
    """The recipe for ``--requires`` and for a conanfile.txt."""
    from conan.internal.model.conan_file import ConanFile
    return type("ConanFileText", (ConanFile,), {"_conan_display": display,
                                                "settings": ("os", "compiler", "build_type", "arch")})


class Forbidden:
    """Stands where a method must not look."""

    def __init__(self, name, method):
        self._name = name
        self._method = method

    def __get__(self, instance, owner):
        from conan.errors import ConanException
        raise ConanException(f"'self.{self._name}' access in '{self._method}()' method is forbidden")

    def __set__(self, instance, value):
        self.__get__(instance, None)


def forbid(cls, names, method):
    """Puts up the signs; returns what was there."""
    before = {}
    for name in names:
        before[name] = cls.__dict__.get(name, Forbidden)
        setattr(cls, name, Forbidden(name, method))
    return before


def permit(cls, before):
    """Takes the signs down."""
    for name, value in before.items():
        if value is Forbidden:
            delattr(cls, name)
        else:
            setattr(cls, name, value)


class _Environ(dict):
    """What ``os.environ`` looks into. Notes what is looked at."""

    def __getitem__(self, key):
        value = self.get(key)
        _crom.note_environment(_text(key), None if value is None else _text(value))
        return dict.__getitem__(self, key)

    def __contains__(self, key):
        value = self.get(key)
        _crom.note_environment(_text(key), None if value is None else _text(value))
        return dict.__contains__(self, key)

    def __iter__(self):
        _crom.note_opaque()
        return dict.__iter__(self)


def _text(value):
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def install():
    """Called once when the interpreter has started."""
    sys.meta_path.append(_Finder)
    try:
        import posix
        posix.environ = _Environ(posix.environ)
    except ImportError:
        pass
    # What a recipe prints is for people.
    sys.stdout = sys.stderr
