"use strict";

// What the page shows: the graph out of its JSON, its problem, searches and filters.

// ---- The model ---------------------------------------------------------------------------------

const STATES = {
  Cache: "cache", Editable: "cache", Download: "download", Update: "download", Build: "build",
  EditableBuild: "build", Missing: "missing", Invalid: "invalid", Skip: "skip", Platform: "platform",
};

/** Nodes by id and edges between them, out of the JSON. */
function readGraph(json) {
  const graph = json.graph || json;
  const model = {
    nodes: new Map(),
    edges: [],
    roots: new Set(Object.keys(graph.root || {})),
    overrides: graph.overrides || {},
    ranges: graph.resolved_ranges || {},
    replaced: graph.replaced_requires || {},
    error: graph.error || null,
  };
  for (const [id, data] of Object.entries(graph.nodes || {})) addNode(model, id, data);
  for (const node of model.nodes.values()) {
    for (const [target, require] of Object.entries(node.data.dependencies || {})) {
      if (require.direct !== false && model.nodes.has(target)) addEdge(model, node.id, target, require);
    }
  }
  return model;
}

function addNode(model, id, data) {
  const [ref, revision] = (data.ref || data.label || `#${id}`).split("#");
  const node = {
    id, data, ref, revision: data.rrev || revision || null,
    label: data.label || ref,
    binary: data.binary || "",
    context: data.context || "host",
    state: nodeState(model, id, data),
    marks: new Set(),
    out: [],
    in: [],
  };
  if (data.vendor) node.marks.add("vendor");
  if (data.test) node.marks.add("test-require");
  model.nodes.set(id, node);
  return node;
}

function nodeState(model, id, data) {
  if (model.roots.has(id) && !data.binary) return "root";
  if (data.recipe === "Platform") return "platform";
  return STATES[data.binary] || "unknown";
}

function addEdge(model, from, to, require) {
  const edge = { from, to, require, kind: edgeKind(require), conflict: false };
  model.edges.push(edge);
  model.nodes.get(from).out.push(edge);
  model.nodes.get(to).in.push(edge);
  return edge;
}

function edgeKind(require) {
  if (require.build) return "tool";
  return require.test ? "test" : "host";
}

function sameReference(node, text) {
  return [node.id, node.label, node.data.ref, node.ref, node.data.name].includes(text);
}

// ---- Problems ----------------------------------------------------------------------------------

/** What `graph.error` says, as a title and lines of [text or node, ...]; marks the culprits. */
function describeProblem(model) {
  const error = model.error;
  if (!error) return null;
  if (error.type === "conflict") return describeConflict(model, error);
  const node = model.nodes.get(String(error.node?.id));
  if (error.type === "missing") {
    if (node) markConflict(model, node, addPhantom(model, error.require, node), error.require);
    return { title: `Package ${error.require?.ref} not resolved`, lines: [[node, `: ${error.error}`]] };
  }
  if (error.type === "loop") {
    const ancestor = model.nodes.get(String(error.ancestor?.id));
    if (node) markConflict(model, node, ancestor || addPhantom(model, error.require, node), error.require);
    const from = node || error.node?.ref || "?";
    return { title: "Loop in the graph", lines: [[from, " requires ", ancestor || error.require?.ref || "?", ", which requires it"]] };
  }
  if (error.type === "provide_conflict") {
    const other = model.nodes.get(String(error.conflicting_node?.id));
    for (const culprit of [node, other]) culprit?.marks.add("conflict");
    const provided = [].concat(error.provided ?? []).join(", ");
    return { title: "Provide conflict", lines: [[node || error.node?.ref, " and ", other || error.conflicting_node?.ref, ` both provide ${provided}`]] };
  }
  return { title: `Error: ${error.type || "unknown"}`, lines: [[JSON.stringify(error)]] };
}

function describeConflict(model, error) {
  const lines = [];
  for (const branch of [error.branch1, error.branch2]) {
    if (!branch) continue;
    const source = model.nodes.get(String(branch.src_id));
    const target = model.nodes.get(String(branch.dst_id)) || addPhantom(model, branch.require, source);
    target.marks.add("conflict");
    // A requirement that the source only inherits: those who really have it are more telling.
    if (branch.require?.direct === false && target.in.length) {
      for (const edge of target.in) {
        edge.conflict = true;
        lines.push([model.nodes.get(edge.from), ` requires ${edge.require.require}`]);
      }
      continue;
    }
    if (source) markConflict(model, source, target, branch.require);
    lines.push([source || branch.src_ref || "?", ` requires ${branch.require?.require || branch.require?.ref}`]);
  }
  return { title: `Version conflict: ${error.name}`, lines };
}

/** A package that isn't in the graph because of the error, drawn all the same. */
function addPhantom(model, require, source) {
  const id = `phantom${model.nodes.size}`;
  const ref = require?.ref || "?";
  const data = { ref, label: ref, name: ref.split("/")[0], context: require?.build ? "build" : source?.context };
  const node = addNode(model, id, data);
  node.marks.add("phantom");
  return node;
}

function markConflict(model, source, target, require) {
  target.marks.add("conflict");
  const edge = source.out.find((it) => it.to === target.id) || addEdge(model, source.id, target.id, require || {});
  edge.conflict = true;
}

// ---- What is shown -----------------------------------------------------------------------------

function initialView() {
  return { query: "", context: "all", tests: true, skipped: true, only: false, selected: null };
}

/** `key=value` of the fragment. A "+" stays a plus: it is in names such as libstdc++. */
function readFragment(model, fragment) {
  const view = initialView();
  for (const part of fragment.replace(/^#/, "").split("&")) {
    const [key, ...rest] = part.split("=");
    const value = decodeFragment(rest.join("="));
    if (key === "q") view.query = value;
    if (key === "context" && ["host", "build"].includes(value)) view.context = value;
    if (key === "tests") view.tests = value !== "0";
    if (key === "skipped") view.skipped = value !== "0";
    if (key === "only") view.only = value === "1";
    if (key === "id" && model.nodes.has(value)) view.selected = value;
    if (key === "ref") view.selected ??= findReference(model, value)?.id ?? null;
  }
  return view;
}

function decodeFragment(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function findReference(model, text) {
  return [...model.nodes.values()].find((node) => sameReference(node, text));
}

function writeFragment(model, view) {
  const parts = [];
  const add = (key, value) => parts.push(`${key}=${encodeURIComponent(value).replace(/%2F/g, "/")}`);
  if (view.query) add("q", view.query);
  if (view.context !== "all") add("context", view.context);
  if (!view.tests) add("tests", "0");
  if (!view.skipped) add("skipped", "0");
  if (view.only) add("only", "1");
  const node = model.nodes.get(view.selected);
  if (node) {
    const unique = findReference(model, node.ref) === node;
    add(unique ? "ref" : "id", unique ? node.ref : node.id);
  }
  return `#${parts.join("&")}`;
}

const PREDICATES = {
  binary: (node, value) => node.binary.toLowerCase() === value,
  state: (node, value) => node.state === value,
  is: (node, value) => node.marks.has(value) || node.state === value,
  context: (node, value) => node.context === value,
  type: (node, value) => (node.data.package_type || "").includes(value),
  license: (node, value) => String(node.data.license || "").toLowerCase().includes(value),
  remote: (node, value) => [node.data.remote, node.data.binary_remote].includes(value),
};

/** Does a node match all words of a search? A word is part of a reference, or `key:value`. */
function matches(node, query) {
  return query.toLowerCase().split(/\s+/).filter(Boolean).every((word) => {
    const [, key, value] = /^(\w+):(.+)$/.exec(word) || [];
    if (Object.hasOwn(PREDICATES, key || "")) return PREDICATES[key](node, value);
    return `${node.ref} ${node.label} ${node.data.package_id || ""}`.toLowerCase().includes(word);
  });
}

/** Ids of the nodes that pass the filters. */
function visibleNodes(model, view) {
  const shown = view.tests ? new Set(model.nodes.keys()) : reachableWithoutTests(model);
  for (const id of [...shown]) {
    const node = model.nodes.get(id);
    const hidden = (view.context !== "all" && node.context !== view.context && node.state !== "root")
      || (!view.skipped && node.state === "skip")
      || (view.only && view.query && !matches(node, view.query));
    if (hidden) shown.delete(id);
  }
  return shown;
}

function reachableWithoutTests(model) {
  const found = new Set([...model.roots].filter((id) => model.nodes.has(id)));
  for (const id of found) {
    for (const edge of model.nodes.get(id).out) if (edge.kind !== "test") found.add(edge.to);
  }
  return found;
}

/** Edges between shown nodes; a node whose consumers are all hidden hangs on the nearest shown ones. */
function visibleEdges(model, shown) {
  const edges = model.edges.filter((edge) => shown.has(edge.from) && shown.has(edge.to));
  const connected = new Set(edges.map((edge) => edge.to));
  for (const id of shown) {
    if (connected.has(id)) continue;
    const seen = new Set([id]);
    for (const current of seen) {
      for (const { from } of model.nodes.get(current).in) {
        if (seen.has(from)) continue;
        if (shown.has(from)) edges.push({ from, to: id, require: {}, kind: "indirect", conflict: false });
        else seen.add(from);
      }
    }
  }
  return edges;
}
