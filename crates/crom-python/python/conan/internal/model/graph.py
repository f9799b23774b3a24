"""``self.subgraph`` and ``self.serialize()``: a recipe and what is below it, as data."""
from conan.internal.model.recipe_ref import PkgReference
from conan.internal.model.requires import Requirement

_FOLDERS = ("recipe_folder", "source_folder", "build_folder", "generators_folder",
            "package_folder", "immutable_package_folder")


def _listed(value):
    if value is None:
        return None
    return list(value) if isinstance(value, (list, tuple, set)) else value


def _serialized(value):
    return {} if value is None else value.serialize()


def recipe(conanfile, label, facts):
    """What ``conanfile.serialize()`` gives; ``facts`` are those of a dependency, which has no
    attributes of its own for them."""
    def attribute(name):
        return facts.get(name) if name in facts else getattr(conanfile, name, None)

    reference = conanfile.ref
    has_name = reference is not None and reference.name
    info = conanfile.info.serialize() if conanfile.info is not None else {}
    result = {name: getattr(reference, name) if has_name else None
              for name in ("name", "user", "channel")}
    for name in ("url", "license", "author", "description", "homepage", "build_policy",
                 "upload_policy", "revision_mode", "provides", "deprecated", "win_bash",
                 "win_bash_run", "default_options", "options_description"):
        result[name] = _listed(attribute(name))
    result["version"] = str(reference.version) if has_name else None
    result["topics"] = _listed(attribute("topics"))
    kind = getattr(conanfile, "package_type", None)
    result["package_type"] = None if kind is None else str(kind)
    result["languages"] = list(attribute("languages") or [])
    result["settings"] = _serialized(conanfile.settings)
    result["options"] = _serialized(conanfile.options)
    result["options_definitions"] = getattr(conanfile.options, "possible_values", {})
    generators = attribute("generators") or []
    result["generators"] = [it if isinstance(it, str) else it.__name__ for it in generators]
    python_requires = getattr(conanfile, "python_requires", None)
    if python_requires is not None and hasattr(python_requires, "all_refs"):
        result["python_requires"] = [it.repr_notime() for it in python_requires.all_refs()]
    else:
        result["python_requires"] = None
    result["system_requires"] = attribute("system_requires") or {}
    for name in _FOLDERS:
        result[name] = getattr(conanfile, name, None)
    result["cpp_info"] = conanfile.cpp_info.serialize()
    result["conf_info"] = conanfile.conf_info.serialize()
    result["label"] = label
    result["info"] = info
    result["vendor"] = bool(attribute("vendor"))
    return result


def serialize(conanfile):
    """``self.serialize()``"""
    result = recipe(conanfile, conanfile.display_name, {})
    final = {require.ref.name: require for require in conanfile.dependencies if require.direct}
    requires = [final.get(it.ref.name, it) for it in conanfile.requires.values()]
    place = list(result).index("python_requires")
    items = list(result.items())
    items.insert(place, ("requires", [traits(it) for it in requires]))
    return dict(items)


def traits(require):
    """One requirement as in the JSON of a graph."""
    result = {"ref": str(require.ref), "require": str(require.ref)}
    for name in ("run", "libs", "skip", "test", "force", "direct", "build", "transitive_headers",
                 "transitive_libs", "headers", "package_id_mode", "visible"):
        result[name] = getattr(require, name)
    return result


class Edge:
    """From a package to one of its direct dependencies."""

    def __init__(self, src, dst, require):
        self.src = src
        self.dst = dst
        self.require = require


class Node:
    """One package of the graph."""

    def __init__(self, number, view, conanfile):
        facts = view.facts()
        self._facts = facts
        self._view = view
        self.id = str(number)
        self.conanfile = conanfile
        self.ref = conanfile.ref
        self.package_id, self.prev = view.package()
        self.context = view.context()
        self.path = conanfile.recipe_folder
        self.error = None
        self.edges = []
        self.dependants = []
        for name in ("recipe", "binary", "remote", "binary_remote", "build_id", "test",
                     "prev_timestamp"):
            setattr(self, name, facts[name])

    @property
    def name(self):
        return self.ref.name if self.ref is not None else None

    @property
    def pref(self):
        return PkgReference(self.ref, self.package_id, self.prev)

    @property
    def transitive_deps(self):
        return self.conanfile.dependencies

    def neighbors(self):
        return [edge.dst for edge in self.edges]

    def inverse_neighbors(self):
        return [edge.src for edge in self.dependants]

    def serialize(self):
        facts, ref = self._facts, self.ref
        is_root = self._view.index() == 0 or facts["recipe"] in ("Consumer", "Cli")
        result = {"ref": str(ref) if is_root else ref.repr_notime(), "id": self.id,
                  "recipe": self.recipe, "package_id": self.package_id, "prev": self.prev,
                  "rrev": ref.revision, "rrev_timestamp": ref.timestamp,
                  "prev_timestamp": self.prev_timestamp, "remote": self.remote,
                  "binary_remote": self.binary_remote, "build_id": self.build_id,
                  "binary": self.binary, "invalid_build": facts["cant_build"] or False,
                  "info_invalid": facts["invalid"]}
        label = self.conanfile.display_name if is_root else str(ref)
        result.update(recipe(self.conanfile, label, {} if is_root else facts))
        result["dependencies"] = {
            node.id: traits(require) for require, node in self._seen}
        result["context"] = self.context
        result["test"] = self.test
        return result

    def __repr__(self):
        return str(self.ref)


class DepsGraph:
    """A recipe and all that it needs."""

    def __init__(self, conanfile):
        self.error = None
        self.overrides = {}
        self.resolved_ranges = {}
        self.replaced_requires = {}
        self.options_conflicts = {}
        self.visibility_conflicts = {}
        self.nodes = []
        by_index = {}
        open_nodes = [(conanfile._conan_view, conanfile)]
        cache = {}
        while open_nodes:
            view, found = open_nodes.pop(0)
            if view.index() in by_index:
                continue
            node = Node(len(self.nodes), view, found)
            by_index[view.index()] = node
            self.nodes.append(node)
            for dependency in found.dependencies.values():
                cache.setdefault(dependency._view.index(), dependency)
                open_nodes.append((dependency._view, cache[dependency._view.index()]))
        for node in self.nodes:
            node._seen = [(require, by_index[dependency._view.index()])
                          for require, dependency in node.conanfile.dependencies.items()]
            for require, other in node._seen:
                if require.direct:
                    edge = Edge(node, other, require)
                    node.edges.append(edge)
                    other.dependants.append(edge)

    @property
    def root(self):
        return self.nodes[0] if self.nodes else None

    def by_levels(self):
        """Nodes whose dependencies are all in earlier levels."""
        remaining, levels = list(self.nodes), []
        while remaining:
            free = [node for node in remaining
                    if not any(other in remaining for other in node.neighbors())]
            levels.append(sorted(free, key=lambda node: str(node.ref)))
            remaining = [node for node in remaining if node not in free]
        return levels

    def ordered_iterate(self):
        for level in self.by_levels():
            yield from level

    def report_graph_error(self):
        if self.error:
            raise self.error

    def serialize(self):
        root = self.root
        return {"nodes": {node.id: node.serialize() for node in self.nodes},
                "root": {root.id: str(root.ref)}, "overrides": self.overrides,
                "resolved_ranges": self.resolved_ranges,
                "replaced_requires": self.replaced_requires, "error": None}
