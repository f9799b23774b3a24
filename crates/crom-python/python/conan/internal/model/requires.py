"""``self.requires(..)`` and its relatives. Rust decides what requirements mean."""
import _crom
from conan.errors import ConanException
from conan.internal.model.recipe_ref import RecipeReference

_WRONG_METHOD = ("Requirements should only be added in the requirements()/build_requirements() "
                 "methods, not configure()/config_options(), which might raise errors in the future.")
_DEFAULTS = {"headers": True, "libs": True, "run": False, "visible": True, "test": False,
             "force": False, "override": False, "direct": True, "consistent": True}


def _trait(name, default):
    attribute = "_" + name

    def read(self):
        value = getattr(self, attribute)
        return default if value is None else value

    def write(self, value):
        setattr(self, attribute, value)

    return property(read, write)


class Requirement:
    """One requirement with its traits; open ones have their default."""

    def __init__(self, ref, *, headers=None, libs=None, build=False, run=None, visible=None,
                 transitive_headers=None, transitive_libs=None, test=None, package_id_mode=None,
                 force=None, override=None, direct=None, options=None, no_skip=False,
                 consistent=None):
        self.ref = ref
        self._headers = headers
        self._libs = libs
        self.build = build
        self._run = run
        self._visible = visible
        self.transitive_headers = transitive_headers
        self.transitive_libs = transitive_libs
        self._test = test
        self.package_id_mode = package_id_mode
        self._force = force
        self._override = override
        self._direct = direct
        self._consistent = consistent
        self.options = options
        self.no_skip = no_skip
        self.skip = False
        self.is_test = test
        self.overriden_ref = None
        self.override_ref = None
        self.required_nodes = set()
        self.defining_require = self

    headers = _trait("headers", True)
    libs = _trait("libs", True)
    run = _trait("run", False)
    visible = _trait("visible", True)
    test = _trait("test", False)
    force = _trait("force", False)
    override = _trait("override", False)
    direct = _trait("direct", True)
    consistent = _trait("consistent", True)

    @classmethod
    def _from_data(cls, data):
        ref = data.pop("ref")
        skip = data.pop("skip")
        result = cls(RecipeReference(*ref), **data)
        result.skip = skip
        return result

    @property
    def files(self):
        return self.headers or self.libs or self.run or self.build

    @property
    def version_range(self):
        text = str(self.ref.version)
        return text[1:-1] if text.startswith("[") and text.endswith("]") else None

    @property
    def alias(self):
        text = str(self.ref.version)
        if text.startswith("(") and text.endswith(")"):
            return RecipeReference(self.ref.name, text[1:-1], self.ref.user, self.ref.channel)
        return None

    def _crom_data(self):
        return {"ref": self.ref.repr_full(), "headers": self._headers, "libs": self._libs,
                "build": self.build, "run": self._run, "visible": self._visible,
                "transitive_headers": self.transitive_headers,
                "transitive_libs": self.transitive_libs, "test": self._test,
                "package_id_mode": self.package_id_mode, "force": self._force,
                "override": self._override, "direct": self._direct,
                "consistent": self._consistent, "options": self.options,
                "no_skip": self.no_skip, "kind": getattr(self, "_kind", "requires")}

    def copy_requirement(self):
        data = self._crom_data()
        data.pop("kind")
        data["ref"] = (self.ref.name, self.ref.version, self.ref.user, self.ref.channel,
                       self.ref.revision, self.ref.timestamp)
        data["skip"] = self.skip
        return Requirement._from_data(data)

    # Without `consistent` among the traits, visibility decided about versions alone.
    consistent_policy_new = False

    def _become(self, data):
        """Takes the traits that an operation left."""
        data.pop("ref")
        self.skip = data.pop("skip")
        for name in ("headers", "libs", "run", "visible", "test", "force", "override", "direct",
                     "consistent"):
            setattr(self, "_" + name, data.pop(name))
        for name, value in data.items():
            setattr(self, name, value)

    def aggregate(self, other):
        """Takes in another requirement of the same package: what either needs is needed."""
        self._become(_crom.requirement("aggregate", self._crom_data(), other._crom_data()))

    def process_package_type(self, src_node, node):
        """Sets the open traits that follow from the types of consumer and dependency."""
        types = [str(it.conanfile.package_type or "unknown") for it in (src_node, node)]
        self._become(_crom.requirement("process_package_type", self._crom_data(), types))

    def transform_downstream(self, pkg_type, require, dep_pkg_type, source):
        """What a consumer sees of a requirement of the package that it requires with this one."""
        found = _crom.requirement("transform_downstream", self._crom_data(), {
            "require": require._crom_data(),
            "types": [str(pkg_type or "unknown"), str(dep_pkg_type or "unknown")]})
        return None if found is None else Requirement._from_data(found)

    def deduce_package_id_mode(self, conanfile, dep_node, non_embed_mode, embed_mode, build_mode,
                               unknown_mode, fix_transitive_static):
        """The mode that a requirement leaves open."""
        self._become(_crom.requirement("deduce_package_id_mode", self._crom_data(), {
            "consumer": str(conanfile.package_type or "unknown"),
            "dependency": str(dep_node.conanfile.package_type or "unknown"),
            "non_embed_mode": non_embed_mode, "embed_mode": embed_mode, "build_mode": build_mode,
            "unknown_mode": unknown_mode, "fix_transitive_static": bool(fix_transitive_static)}))

    def serialize(self):
        result = {"ref": str(self.ref)}
        for name in ("run", "libs", "skip", "test", "force", "direct", "build", "headers",
                     "visible", "no_skip"):
            result[name] = getattr(self, name)
        result["transitive_headers"] = self.transitive_headers
        result["transitive_libs"] = self.transitive_libs
        result["package_id_mode"] = self.package_id_mode
        return result

    def __repr__(self):
        return repr(self.__dict__)

    def __str__(self):
        traits = "build={}, headers={}, libs={}, run={}, visible={}".format(
            self.build, self.headers, self.libs, self.run, self.visible)
        return f"{self.ref}, Traits: {traits}"

    def _key(self):
        return self.ref.name, self.build

    def __hash__(self):
        return hash(self._key())

    def __eq__(self, other):
        """Two requirements of one recipe collide when they ask for the same of one name."""
        if not isinstance(other, Requirement):
            return NotImplemented
        return (self._key() == other._key() and self.override == other.override
                and (self.headers and other.headers or self.libs and other.libs
                     or self.run and other.run
                     or self.visible and other.visible
                     or self.ref == other.ref and self.options == other.options))


class Requirements:
    """``self.requires``"""

    def __init__(self):
        self._items = []

    def __call__(self, str_ref, **kwargs):
        if str_ref is None:
            return
        assert isinstance(str_ref, str), "self.requires() expects a reference as text"
        if _crom.current_method() in ("configure()", "config_options()"):
            _crom.warning("deprecated", _crom.current_scope(), _WRONG_METHOD)
        self._add(str_ref, "requires", True, kwargs)

    def tool_require(self, ref, raise_if_duplicated=True, package_id_mode=None, visible=False,
                     run=True, options=None, override=None):
        if ref is None:
            return
        self._add(ref, "tool_requires", raise_if_duplicated,
                  {"headers": False, "libs": False, "build": True, "run": run,
                   "visible": visible, "package_id_mode": package_id_mode, "options": options,
                   "override": override})

    def build_require(self, ref, raise_if_duplicated=True, package_id_mode=None, visible=False,
                      run=None, options=None, override=None):
        if ref is None:
            return
        self._add(ref, "build_requires", raise_if_duplicated,
                  {"headers": False, "libs": False, "build": True, "run": run,
                   "visible": visible, "package_id_mode": package_id_mode, "options": options,
                   "override": override})

    def test_require(self, ref, run=None, options=None, force=None):
        if ref is None:
            return
        self._add(ref, "test_requires", True,
                  {"headers": True, "libs": True, "build": False, "run": run, "visible": False,
                   "test": True, "package_id_mode": None, "options": options, "force": force})

    def _add(self, text, kind, raise_if_duplicated, traits):
        require = Requirement(RecipeReference.loads(text), **traits)
        require._kind = kind
        if require in self._items:
            if raise_if_duplicated:
                raise ConanException(f"Duplicated requirement: {require.ref}")
            self._items.remove(require)
        self._items.append(require)

    def values(self):
        return list(self._items)

    def reindex(self, require, new_name):
        require.ref.name = new_name

    def serialize(self):
        return [require.serialize() for require in self._items]

    def __len__(self):
        return len(self._items)

    def __repr__(self):
        return repr(self._items)


class ToolRequirements:
    """``self.tool_requires``"""

    def __init__(self, requires):
        self._requires = requires

    def __call__(self, ref, package_id_mode=None, visible=False, run=True, options=None,
                 override=None):
        self._requires.tool_require(ref, package_id_mode=package_id_mode, visible=visible, run=run,
                                    options=options, override=override)


class BuildRequirements:
    """``self.build_requires``"""

    def __init__(self, requires):
        self._requires = requires

    def __call__(self, ref, package_id_mode=None, visible=False, run=None, options=None,
                 override=None):
        self._requires.build_require(ref, package_id_mode=package_id_mode, visible=visible,
                                     run=run, options=options, override=override)

    def build_require(self, ref, package_id_mode=None, visible=False, run=None, options=None,
                      override=None):
        self(ref, package_id_mode, visible, run, options, override)


class TestRequirements:
    """``self.test_requires``"""

    def __init__(self, requires):
        self._requires = requires

    def __call__(self, ref, run=None, options=None, force=None):
        self._requires.test_require(ref, run=run, options=options, force=force)
