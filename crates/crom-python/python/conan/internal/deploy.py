"""The graph as deployers see it."""
from conan.api.output import ConanOutput
from conan.errors import ConanException
from conan.internal.extensions import module
from conan.internal.model.dependencies import ConanFileDependencies, ConanFileInterface
from conan.internal.model.recipe_ref import PkgReference, RecipeReference
from conan.internal.model.requires import Requirement


class Node:
    """One package. What is not an attribute here is one of ``conanfile``."""

    def __init__(self, index, conanfile, facts, ref):
        self._facts = facts
        self.id = index
        self.conanfile = conanfile
        self.ref = ref
        for name in ("recipe", "binary", "context", "test", "package_id", "prev", "remote",
                     "binary_remote", "build_id", "prev_timestamp", "name"):
            setattr(self, name, facts.get(name))
        self.path = facts.get("recipe_folder")
        self.error = None
        self.edges = []

    @property
    def pref(self):
        return PkgReference(self.ref, self.package_id, self.prev)

    def neighbors(self):
        return [edge.dst for edge in self.edges]

    def serialize(self):
        return self._facts

    def __repr__(self):
        return str(self.conanfile)


class Edge:
    """From a package to one of its direct dependencies."""

    def __init__(self, src, dst, require):
        self.src = src
        self.dst = dst
        self.require = require


class DepsGraph:
    """``graph``: its first node is the root."""

    def __init__(self, root, view, facts):
        cache = {}
        root._conan_dependencies = ConanFileDependencies._of(view, cache)
        self.error = None
        self._facts = facts
        self.nodes = []
        for key, fact in facts.items():
            index = int(key)
            if index == 0:
                ref = root.ref
                conanfile = root
            else:
                conanfile = cache.get(index)
                if conanfile is None:
                    conanfile = cache[index] = ConanFileInterface(view.at(index), cache)
                ref = RecipeReference(*view.at(index).reference())
                conanfile.output = ConanOutput(scope=str(ref))
                for name in ("name", "version", "user", "channel"):
                    setattr(conanfile, name, getattr(ref, name))
            self.nodes.append(Node(index, conanfile, fact, ref))
        by_id = {node.id: node for node in self.nodes}
        for node in self.nodes:
            for requirement, index in view.at(node.id).dependencies():
                if requirement["direct"]:
                    require = Requirement._from_data(requirement)
                    node.edges.append(Edge(node, by_id[index], require))

    @property
    def root(self):
        return self.nodes[0]

    def ordered_iterate(self):
        for node in reversed(self.nodes):
            yield node

    def serialize(self):
        return {"nodes": self._facts}


def run(file, root, view, facts, output_folder):
    """Runs ``deploy()`` of a file; returns (place in the graph, folder) of what was moved."""
    graph = DepsGraph(root, view, facts)
    deployer = module(file)
    if not hasattr(deployer, "deploy"):
        raise ConanException(f"Deployer does not contain 'deploy()' function: {file}")
    before = [node.conanfile.package_folder for node in graph.nodes]
    deployer.deploy(graph=graph, output_folder=output_folder)
    return [(node.id, str(node.conanfile.package_folder))
            for node, folder in zip(graph.nodes, before)
            if node.conanfile.package_folder != folder and node.conanfile.package_folder]
