// Draws the graph that is in #graph-data: the JSON of `graph info --format=json`.
// The address says what is shown, so that it can be linked:
//   #q=<search>  #ref=<reference>  #id=<node>  &context=host|build  &tests=0  &skipped=0  &only=1

// ---- Drawing -----------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";

function byId(id) {
  return document.getElementById(id);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function html(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value != null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== ""));
  return element;
}

const pen = document.createElement("canvas").getContext("2d");

function textWidth(text, font) {
  pen.font = `${font} system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`;
  return pen.measureText(text).width;
}

function nodeWidth(node) {
  const first = textWidth(labelParts(node).join(""), "650 13px");
  return Math.ceil(Math.max(first, textWidth(statusLine(node), "10.5px"), 60) + 26);
}

function statusLine(node) {
  if (node.marks.has("phantom")) return "not in the graph";
  const type = node.data.package_type;
  const marks = [...node.marks].filter((mark) => mark !== "conflict");
  const status = node.binary || (node.state === "root" ? node.data.recipe : `recipe: ${node.data.recipe}`);
  return [status, type && type !== "unknown" ? type : "", ...marks].filter(Boolean).join(" \u00b7 ");
}

/** Name and version of a label, cut so that they fit. The root's label is a file name or "cli". */
function labelParts(node) {
  const label = node.label.length > 42 ? `${node.label.slice(0, 41)}\u2026` : node.label;
  const slash = node.state === "root" ? -1 : label.indexOf("/");
  return slash < 0 ? [label, ""] : [label.slice(0, slash), label.slice(slash)];
}

function drawNode(node, place, app) {
  const [x, y] = [round(place.x), round(place.y - NODE_HEIGHT / 2)];
  const box = { width: place.width, height: NODE_HEIGHT, rx: 6 };
  const [name, version] = labelParts(node);
  return svg("g", {
    class: ["node", node.state, ...node.marks].join(" "),
    transform: `translate(${x},${y})`,
    tabindex: -1,
    role: "button",
    "aria-label": ariaLabel(node),
    "data-id": node.id,
    "data-ref": node.ref,
    "data-binary": node.binary,
    "data-context": node.context,
    click: () => app.select(node.id),
    focus: () => app.focused(node.id),
    pointerenter: () => app.hover(node.id),
    pointerleave: () => app.hover(null),
  },
  svg("title", {}, `${node.ref}\n${statusLine(node)}`),
  svg("rect", { class: "halo", x: -4, y: -4, width: place.width + 8, height: NODE_HEIGHT + 8, rx: 9 }),
  svg("rect", { class: "box", ...box }),
  svg("rect", { class: "stripe", x: 4, y: 6, width: 4, height: NODE_HEIGHT - 12, rx: 2 }),
  svg("text", { x: 15, y: 17 }, svg("tspan", { class: "name" }, name), version),
  svg("text", { class: "status", x: 15, y: 31 }, statusLine(node)));
}

function ariaLabel(node) {
  const binary = node.binary ? `binary ${node.binary}` : "";
  const uses = `requires ${node.out.length}, required by ${node.in.length}`;
  return [node.label, binary, `${node.context} context`, ...node.marks, uses].filter(Boolean).join(", ");
}

function drawEdge(edge, path) {
  const classes = ["edge", edge.kind];
  if (edge.conflict) classes.push("conflict");
  if (edge.require.skip) classes.push("skipped");
  return svg("path", { class: classes.join(" "), d: path, "data-from": edge.from, "data-to": edge.to });
}

// ---- Details -----------------------------------------------------------------------------------

function nodeLink(node) {
  return html("a", { href: `#id=${encodeURIComponent(node.id)}`, "data-node": node.id }, node.label);
}

function section(title, content, collapsed) {
  if (!content) return null;
  if (collapsed === undefined) return html("section", {}, html("h3", {}, title), content);
  return html("details", { open: collapsed ? null : "" }, html("summary", {}, title), content);
}

/** Rows of what is set; null for none. `changed(key)` marks a row. */
function table(values, changed) {
  const rows = Object.entries(values || {}).filter(([, value]) => !isEmpty(value));
  if (!rows.length) return null;
  return html("table", {}, html("tbody", {}, ...rows.map(([key, value]) => html("tr",
    { class: changed?.(key) ? "changed" : null, title: changed?.(key) ? "not the default" : null },
    html("th", { scope: "row" }, key), html("td", {}, cellText(value))))));
}

function isEmpty(value) {
  if (value instanceof Node) return false;
  return value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function cellText(value) {
  if (value instanceof Node) return value;
  if (Array.isArray(value)) return value.map(cellText).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** A link for an address of the web; other schemes stay text. */
function address(text) {
  if (!/^https?:\/\//i.test(text || "")) return text;
  return html("a", { href: text, rel: "noopener noreferrer", target: "_blank" }, text);
}

function date(seconds) {
  return seconds ? new Date(seconds * 1000).toISOString().replace("T", " ").replace(/\..*/, " UTC") : null;
}

const IDENTITY = ["binary", "recipe", "remote", "binary_remote", "context", "provides", "build_policy", "upload_policy"];
const ABOUT = ["license", "author", "topics", "languages"];
const FOLDERS = ["recipe", "source", "build", "generators", "package", "immutable_package"].map((name) => `${name}_folder`);

function showNode(model, node) {
  const { data } = node;
  const changed = (key) => Boolean(data.default_options) && differs(data.options[key], data.default_options[key]);
  const options = Object.keys(data.options || {}).length;
  return [
    html("h2", {}, node.ref),
    html("div", { class: "badges" }, ...badges(node)),
    data.deprecated ? html("p", { class: "message" }, `deprecated: ${data.deprecated}`) : null,
    invalidMessage(data),
    data.description ? html("p", {}, data.description) : null,
    section("Package", table({
      revision: node.revision, "revision of": date(data.rrev_timestamp), "package id": data.package_id,
      "package revision": data.prev, "package of": date(data.prev_timestamp), ...pick(data, IDENTITY),
      "python requires": data.python_requires && Object.keys(data.python_requires),
    })),
    section("About", table({ ...pick(data, ABOUT), homepage: address(data.homepage), url: address(data.url) })),
    section(`Requires (${node.out.length})`, requiresList(model, data, true)),
    section("Transitive requires", requiresList(model, data, false), true),
    section(`Required by (${node.in.length})`, consumersList(model, node)),
    section("Path from the root", pathFromRoot(model, node)),
    section("Settings", table(data.settings), false),
    section(`Options (${options})`, table(data.options, changed), options > 14),
    section("What the package id is made of", packageIdContent(data.info), true),
    section("Folders", table(pick(data, FOLDERS)), true),
    section("System requirements", table(data.system_requires), true),
    section("Configuration for consumers", table(data.conf_info), true),
  ];
}

/** Options are texts ("True", "None"); the defaults have the types of the recipe. */
function differs(option, byDefault) {
  return String(option).toLowerCase() !== String(byDefault ?? "None").toLowerCase();
}

function badges(node) {
  const texts = [[node.binary, node.state], [node.context, ""], [node.data.package_type, ""]];
  for (const mark of node.marks) texts.push([mark, mark]);
  return texts.filter(([text]) => text && text !== "unknown").map(([text, kind]) => html("span", { class: `badge ${kind}` }, text));
}

function invalidMessage(data) {
  const build = data.invalid_build && data.invalid_build !== true ? `\nCannot be built: ${data.invalid_build}` : "";
  const text = data.info_invalid || data.info?.invalid;
  if (text || build) return html("p", { class: "message invalid" }, `${text ? `Invalid: ${text}` : ""}${build}`.trim());
  return data.invalid_build ? html("p", { class: "message invalid" }, "Cannot be built with this configuration") : null;
}

/** The fields of a node that are set, under the names for people. */
function pick(data, keys) {
  return Object.fromEntries(keys.map((key) => [key.replace(/_/g, " "), data[key]]));
}

const TRAITS = ["headers", "libs", "run", "build", "test", "force", "override", "transitive_headers", "transitive_libs", "skip"];

function requiresList(model, data, direct) {
  const entries = Object.entries(data.dependencies || {}).filter(([, it]) => (it.direct !== false) === direct);
  if (!entries.length) return null;
  return html("ul", {}, ...entries.map(([id, require]) => {
    const target = model.nodes.get(id);
    const range = require.require && require.require !== require.ref ? ` from ${require.require}` : "";
    return html("li", {}, target ? nodeLink(target) : require.ref, html("span", { class: "range" }, range), ...traits(require));
  }));
}

function traits(require) {
  const names = TRAITS.filter((name) => require[name] === true);
  if (require.visible === false) names.push("private");
  if (require.package_id_mode) names.push(require.package_id_mode);
  return names.map((name) => html("span", { class: "trait" }, name));
}

function consumersList(model, node) {
  if (!node.in.length) return null;
  return html("ul", {}, ...node.in.map((edge) => html("li", {}, nodeLink(model.nodes.get(edge.from)), ...traits(edge.require))));
}

/** The shortest chain of requirements that brings a package in. */
function pathFromRoot(model, node) {
  const towards = new Map([[node.id, null]]);
  for (const id of towards.keys()) {
    for (const { from } of model.nodes.get(id).in) if (!towards.has(from)) towards.set(from, id);
  }
  const chain = [];
  for (let id = [...model.roots].find((root) => towards.has(root)); id != null; id = towards.get(id)) chain.push(model.nodes.get(id));
  if (chain.length < 3) return null;
  return html("p", {}, ...chain.flatMap((it, index) => (index ? [" \u2192 ", nodeLink(it)] : [nodeLink(it)])));
}

function packageIdContent(info) {
  if (isEmpty(info)) return null;
  const parts = Object.entries(info).map(([key, value]) => {
    if (typeof value === "object" && !Array.isArray(value)) return [html("h3", {}, key), table(value)];
    return [html("h3", {}, key), html("ul", { class: "mono" }, ...[].concat(value).map((line) => html("li", {}, cellText(line))))];
  });
  return html("div", {}, ...parts.flat());
}

/** What is shown when no package is selected. */
function showOverview(model) {
  const packages = [...model.nodes.values()].filter((node) => node.state !== "root" && !node.marks.has("phantom")).length;
  const overrides = Object.entries(model.overrides).map(([ref, by]) => [ref, [].concat(by).map((it) => it ?? "not overridden")]);
  return [
    html("h2", {}, rootTitle(model)),
    html("p", {}, `${packages} packages, ${model.edges.length} direct requirements. Select a package for its details.`),
    byId("help").content.cloneNode(true),
    section("Overrides", table(Object.fromEntries(overrides))),
    section("Replaced requires", table(model.replaced)),
    section("Version ranges", isEmpty(model.ranges) ? null : html("div", { class: "wide" }, table(model.ranges))),
  ];
}

function rootTitle(model) {
  const names = [...model.roots].map((id) => model.nodes.get(id)).filter(Boolean);
  const required = names.flatMap((node) => (node.data.recipe === "Cli" ? node.out.map((edge) => model.nodes.get(edge.to)) : [node]));
  return required.map((node) => node.label).join(", ") || "Dependency graph";
}

function showProblem(model, problem) {
  const box = byId("problem");
  box.hidden = !problem;
  if (!problem) return;
  const text = (part) => (part?.data ? nodeLink(part) : part ?? "");
  box.replaceChildren(html("strong", {}, problem.title),
    html("ul", {}, ...problem.lines.map((line) => html("li", {}, ...line.map(text)))));
}

// ---- Legend ------------------------------------------------------------------------------------

const LEGEND = [
  ["root", "Root", "state:root", "root"],
  ["cache", "In the cache", "state:cache", "cache"],
  ["download", "To download", "state:download", "download"],
  ["build", "To build", "state:build", "build"],
  ["missing", "Missing binary", "state:missing", "missing"],
  ["invalid", "Invalid configuration", "state:invalid", "invalid"],
  ["skip", "Skipped binary", "state:skip", "skip"],
  ["platform", "Of the platform", "state:platform", "platform"],
  ["vendor", "Vendor", "is:vendor", "vendor"],
  ["conflict", "Conflict", "is:conflict", "conflict phantom"],
  ["test", "Test requires", "is:test-require", ""],
  ["host", "Host context", "context:host", ""],
  ["tool", "Build context", "context:build", ""],
];

function showLegend(model, app) {
  const nodes = [...model.nodes.values()];
  const items = LEGEND.map(([id, text, query, classes]) => {
    const count = nodes.filter((node) => matches(node, query)).length;
    if (!count) return null;
    const context = id === "tool" ? "build" : "host";
    const sample = svg("svg", { width: 26, height: 16, "aria-hidden": "true" },
      svg("g", { class: `node ${classes}`, "data-context": context },
        svg("rect", { class: "box", x: 2, y: 2, width: 22, height: 12, rx: 3 }),
        ["host", "tool"].includes(id) ? svg("rect", { class: "stripe", x: 5, y: 4, width: 4, height: 8, rx: 2 }) : null));
    return html("li", { "data-legend": id }, html("button", { type: "button", title: `Search ${query}`, click: () => app.search(query) },
      sample, text, html("span", { class: "count" }, String(count))));
  });
  const edges = [["host", "Requires"], ["tool", "Tool requires"], ["test", "Test requires"]].map(([kind, text]) => {
    if (!model.edges.some((edge) => edge.kind === kind)) return null;
    const line = svg("svg", { width: 26, height: 16, "aria-hidden": "true" }, svg("path", { class: `edge ${kind}`, d: "M1,8 H25" }));
    return html("li", {}, html("button", { type: "button", tabindex: -1 }, line, text));
  });
  byId("legend").open = window.innerWidth > 760;
  byId("legend-items").replaceChildren(...[...items, ...edges].filter(Boolean));
}

// ---- Zoom and pan ------------------------------------------------------------------------------

function camera(canvas, viewport) {
  const at = { x: 0, y: 0, scale: 1 };
  const pointers = new Map();
  let moved = 0;

  const apply = () => viewport.setAttribute("transform", `translate(${round(at.x)},${round(at.y)}) scale(${at.scale.toFixed(4)})`);
  const size = () => ({ width: canvas.clientWidth || 1000, height: canvas.clientHeight || 700 });
  const zoomAt = (factor, x, y) => {
    const scale = Math.min(3, Math.max(0.05, at.scale * factor));
    at.x = x - (x - at.x) * (scale / at.scale);
    at.y = y - (y - at.y) * (scale / at.scale);
    at.scale = scale;
    apply();
  };
  const zoom = (factor) => zoomAt(factor, size().width / 2, size().height / 2);
  /** The whole box; with `legible`, not smaller than can be read: then the left end, where the root is. */
  const fit = (box, legible, focus) => {
    const { width, height } = size();
    const whole = Math.min(width / box.width, height / box.height, 1.25);
    at.scale = legible ? Math.max(whole, 0.6) : whole;
    at.x = at.scale * box.width > width ? -box.x * at.scale : (width - box.width * at.scale) / 2 - box.x * at.scale;
    const middle = at.scale > whole && focus ? focus.y : box.y + box.height / 2;
    at.y = height / 2 - middle * at.scale;
    apply();
  };
  /** Moves as little as needed to have a place in sight. */
  const reveal = (place) => {
    const { width, height } = size();
    const [x, y] = [at.x + place.x * at.scale, at.y + place.y * at.scale];
    if (x < 20 || x + place.width * at.scale > width - 20) at.x += width / 2 - x - (place.width * at.scale) / 2;
    if (y < 40 || y > height - 40) at.y += height / 2 - y;
    apply();
  };

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 18 : 1;
    zoomAt(Math.exp(-event.deltaY * lines * 0.0018), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 1) moved = 0;
  });
  window.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved < 5) return;
    canvas.classList.add("panning");
    Object.assign(last, { x: event.clientX, y: event.clientY });
    at.x += dx;
    at.y += dy;
    apply();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    window.addEventListener(kind, (event) => {
      pointers.delete(event.pointerId);
      canvas.classList.remove("panning");
      setTimeout(() => { moved = 0; }); // after the click that ends a drag
    });
  }
  return { zoom, fit, reveal, dragged: () => moved >= 5 };
}

// ---- The page ----------------------------------------------------------------------------------

const CHECKBOXES = [["only-hits", "only"], ["show-tests", "tests"], ["show-skipped", "skipped"]];

function startPage(model) {
  const problem = describeProblem(model);
  const lens = camera(byId("canvas"), byId("viewport"));
  const elements = new Map();
  let view = readFragment(model, location.hash);
  let [places, size, paths, hits, layoutKey] = [new Map(), null, [], [], ""];
  let focus = null;

  /** Lays out again if other packages are shown, then marks hits and the selection. */
  function render(refit) {
    const shown = visibleNodes(model, view);
    const key = [...shown].join(" ");
    if (key !== layoutKey) {
      layoutKey = key;
      draw(shown);
      refit = true;
    }
    mark(shown);
    syncControls();
    if (refit && size) lens.fit(size, true, places.get([...model.roots].find((id) => places.has(id))));
  }

  function draw(shown) {
    const edges = visibleEdges(model, shown);
    elements.clear();
    byId("empty").hidden = shown.size > 0;
    byId("canvas").classList.toggle("dense", edges.length > 400);
    const drawn = layout([...shown], edges, (id) => nodeWidth(model.nodes.get(id)));
    ({ places, size } = drawn);
    paths = edges.map((edge, index) => ({ edge, element: drawEdge(edge, drawn.routes[index]) }));
    for (const id of inReadingOrder([...shown])) elements.set(id, drawNode(model.nodes.get(id), places.get(id), page));
    byId("edges").replaceChildren(...paths.map((path) => path.element));
    byId("nodes").replaceChildren(...elements.values());
    if (!elements.has(focus)) focus = elements.keys().next().value;
    elements.get(focus)?.setAttribute("tabindex", 0);
  }

  function inReadingOrder(ids) {
    return ids.sort((a, b) => places.get(a).x - places.get(b).x || places.get(a).y - places.get(b).y);
  }

  function mark(shown) {
    const chosen = shown.has(view.selected) ? view.selected : null;
    hits = view.query ? [...elements.keys()].filter((id) => matches(model.nodes.get(id), view.query)) : [];
    const near = new Set(chosen ? [chosen] : hits);
    if (chosen) for (const { edge } of paths) if (edge.from === chosen || edge.to === chosen) near.add(edge.from).add(edge.to);
    const fading = Boolean(chosen || view.query);
    for (const [id, element] of elements) {
      const hit = hits.includes(id);
      element.classList.toggle("hit", hit);
      element.classList.toggle("selected", id === chosen);
      element.classList.toggle("faded", fading && !hit && !near.has(id) && !model.nodes.get(id).marks.has("conflict"));
      element.setAttribute("aria-pressed", String(id === chosen));
    }
    for (const { edge, element } of paths) {
      const active = chosen !== null && (edge.from === chosen || edge.to === chosen);
      element.classList.toggle("active", active);
      element.classList.toggle("faded", fading && !active && !edge.conflict);
      if (active || edge.conflict) element.parentNode.append(element);
    }
  }

  function syncControls() {
    const place = hits.indexOf(view.selected);
    const count = `${place >= 0 ? `${place + 1} / ` : ""}${hits.length} ${hits.length === 1 ? "hit" : "hits"}`;
    byId("search-count").value = view.query ? count : "";
    if (byId("search").value !== view.query) byId("search").value = view.query;
    byId("context").value = view.context;
    for (const [id, key] of CHECKBOXES) byId(id).checked = view[key];
  }

  function showDetails() {
    const node = model.nodes.get(view.selected);
    const close = node && html("button",
      { type: "button", "aria-label": "Close details", title: "Close (Escape)", click: () => page.go(null) }, "\u00d7");
    const [title, ...rest] = (node ? showNode(model, node) : showOverview(model)).filter(Boolean);
    byId("details").replaceChildren(html("header", {}, title, close), ...rest);
    byId("details").scrollTop = 0;
  }

  /** `push` makes an entry in the history of the browser. */
  function update(change, push) {
    view = { ...view, ...change };
    const fragment = writeFragment(model, view);
    if (fragment !== (location.hash || "#")) {
      try {
        history[push ? "pushState" : "replaceState"](null, "", fragment);
      } catch {
        // Some embedding pages allow no history: the page works without.
      }
    }
    render(false);
    if ("selected" in change) showDetails();
  }

  const page = {
    /** For clicks: the end of a drag is none. */
    select(id) {
      if (!lens.dragged()) page.go(id);
    },
    go(id) {
      update({ selected: id }, true);
      if (places.has(id)) lens.reveal(places.get(id));
      if (elements.has(id)) page.focused(id);
    },
    focused(id) {
      elements.get(focus)?.setAttribute("tabindex", -1);
      focus = id;
      elements.get(id)?.setAttribute("tabindex", 0);
    },
    hover(id) {
      for (const { edge, element } of paths) element.classList.toggle("near", edge.from === id || edge.to === id);
    },
    search(query) {
      update({ query, selected: null }, false);
      page.nextHit(1, false);
    },
    /** Selects the next hit, or only brings the first one in sight. */
    nextHit(step, select = true) {
      if (!hits.length) return;
      const at = hits.indexOf(view.selected);
      const next = hits[at < 0 ? (step > 0 ? 0 : hits.length - 1) : (at + step + hits.length) % hits.length];
      if (select) page.go(next);
      else lens.reveal(places.get(next));
    },
    move(key) {
      const next = neighbour(key);
      if (!next) return;
      page.focused(next);
      elements.get(next).focus({ preventScroll: true });
      lens.reveal(places.get(next));
    },
    zoom: (factor) => lens.zoom(factor),
    fit: () => size && lens.fit(size, false),
    update,
    focus: () => focus,
  };

  /** Where an arrow key leads from the focused package. */
  function neighbour(key) {
    const here = places.get(focus);
    if (!here) return null;
    const linked = paths.map(({ edge }) => (key === "ArrowRight" ? [edge.from, edge.to] : [edge.to, edge.from]))
      .filter(([from]) => from === focus).map(([, to]) => to);
    const column = [...elements.keys()].filter((id) => {
      const { x, y } = places.get(id);
      return x === here.x && (key === "ArrowUp" ? y < here.y : y > here.y);
    });
    const candidates = ["ArrowLeft", "ArrowRight"].includes(key) ? linked : column;
    return candidates.sort((a, b) => Math.abs(places.get(a).y - here.y) - Math.abs(places.get(b).y - here.y))[0];
  }

  document.title = `Graph of ${rootTitle(model)}`;
  byId("title").textContent = rootTitle(model);
  showProblem(model, problem);
  showLegend(model, page);
  connectControls(page);
  connectKeys(page);
  window.addEventListener("hashchange", () => {
    view = readFragment(model, location.hash);
    render(false);
    showDetails();
    if (places.has(view.selected)) lens.reveal(places.get(view.selected));
  });
  render(true);
  showDetails();
  if (places.has(view.selected)) lens.reveal(places.get(view.selected));
  else page.nextHit(1, false);
}

function connectControls(page) {
  byId("search").addEventListener("input", (event) => page.search(event.target.value.trim()));
  byId("search-form").addEventListener("submit", (event) => event.preventDefault());
  byId("hit-next").addEventListener("click", () => page.nextHit(1));
  byId("hit-previous").addEventListener("click", () => page.nextHit(-1));
  byId("context").addEventListener("change", (event) => page.update({ context: event.target.value }));
  for (const [id, key] of CHECKBOXES) byId(id).addEventListener("change", (event) => page.update({ [key]: event.target.checked }));
  byId("zoom-in").addEventListener("click", () => page.zoom(1.3));
  byId("zoom-out").addEventListener("click", () => page.zoom(1 / 1.3));
  byId("zoom-fit").addEventListener("click", () => page.fit());
  byId("canvas").addEventListener("click", (event) => {
    if (event.target === event.currentTarget) page.select(null);
  });
  document.addEventListener("click", (event) => {
    const id = event.target.closest?.("a[data-node]")?.dataset.node;
    if (!id || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    page.go(id);
  });
}

function connectKeys(page) {
  const search = byId("search");
  search.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 };
    if (event.key in steps) {
      event.preventDefault();
      page.nextHit(steps[event.key]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      page.search("");
      search.blur();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const onNode = event.target.closest?.("#canvas .node");
    const actions = {
      "/": () => { search.focus(); search.select(); },
      "+": () => page.zoom(1.3),
      "-": () => page.zoom(1 / 1.3),
      0: () => page.fit(),
      Escape: () => page.go(null),
    };
    if (onNode) {
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) actions[key] = () => page.move(key);
      for (const key of ["Enter", " "]) actions[key] = () => page.go(page.focus());
    }
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  });
}

startPage(readGraph(JSON.parse(byId("graph-data").textContent)));
