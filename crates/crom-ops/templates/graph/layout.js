// Where packages and edges go: layers from left to right by longest path, their order by barycenter,
// then heights. Edges pass through layers in lanes of their own.

const NODE_HEIGHT = 40;
const NODE_GAP = 12;
const LANE_GAP = 9;

/** Places of nodes and the routes of edges. `width(id)` is in pixels. */
function layout(ids, edges, width) {
  if (!ids.length) return { places: new Map(), routes: [], size: null };
  const { forward, layerOf } = longestPaths(ids, edges);
  const graph = splitLongEdges(ids, forward, layerOf);
  orderLayers(graph);
  placeVertically(graph);
  placeHorizontally(graph, width);
  const turned = new Set(forward.filter((it) => it.from !== it.edge.from).map((it) => it.edge));
  return { places: graph.cells, routes: edges.map((edge) => route(edge, graph, turned)), size: boundingBox(graph) };
}

/**
 * A depth-first walk: edges that close a cycle are turned round, and every node gets a layer, one
 * after the last of those that require it.
 */
function longestPaths(ids, edges) {
  const out = new Map(ids.map((id) => [id, []]));
  for (const edge of edges) if (edge.from !== edge.to) out.get(edge.from).push(edge);
  const [seen, open, forward, finished] = [new Set(), new Set(), [], []];
  const visit = (id) => {
    seen.add(id);
    open.add(id);
    for (const edge of out.get(id)) {
      forward.push(open.has(edge.to) ? { from: edge.to, to: id, edge } : { from: id, to: edge.to, edge });
      if (!seen.has(edge.to)) visit(edge.to);
    }
    open.delete(id);
    finished.push(id);
  };
  for (const id of ids) if (!seen.has(id)) visit(id);

  const layerOf = new Map(ids.map((id) => [id, 0]));
  const outward = Map.groupBy(forward, (it) => it.from);
  for (const id of finished.reverse()) {
    for (const { to } of outward.get(id) ?? []) layerOf.set(to, Math.max(layerOf.get(to), layerOf.get(id) + 1));
  }
  return { forward, layerOf };
}

/** Cells in layers: one per node, and a lane wherever an edge passes through a layer. */
function splitLongEdges(ids, edges, layerOf) {
  const graph = { cells: new Map(), layers: [], lanes: new Map() };
  const cell = (key, layer, lane) => {
    const made = { key, layer, lane, in: [], out: [], x: 0, y: 0, width: 0, order: 0 };
    graph.cells.set(key, made);
    (graph.layers[layer] ??= []).push(made);
    return made;
  };
  const link = (a, b) => { a.out.push(b); b.in.push(a); };
  for (const id of ids) cell(id, layerOf.get(id), false);
  edges.forEach(({ from, to, edge }, index) => {
    let last = graph.cells.get(from);
    const lanes = [];
    for (let layer = layerOf.get(from) + 1; layer < layerOf.get(to); layer++) {
      const lane = cell(`lane ${index} ${layer}`, layer, true);
      link(last, lane);
      lanes.push(lane);
      last = lane;
    }
    link(last, graph.cells.get(to));
    graph.lanes.set(edge, lanes);
  });
  return graph;
}

/** Sweeps to and fro, and keeps the order with the fewest crossings. */
function orderLayers(graph) {
  depthFirstOrder(graph);
  let best = { layers: graph.layers.map((layer) => [...layer]), crossings: countCrossings(graph.layers) };
  for (let sweep = 0; sweep < 14 && best.crossings > 0; sweep++) {
    const side = sweep % 2 === 0 ? "in" : "out";
    for (const layer of inSweepOrder(graph.layers, side)) {
      for (const cell of layer) cell.weight = mean(cell[side], "order") ?? cell.order;
      layer.sort((a, b) => a.weight - b.weight || a.order - b.order);
      number(layer);
    }
    const crossings = countCrossings(graph.layers);
    if (crossings < best.crossings) best = { layers: graph.layers.map((layer) => [...layer]), crossings };
  }
  graph.layers = best.layers;
  graph.layers.forEach(number);
}

function inSweepOrder(layers, side) {
  return side === "in" ? layers : [...layers].reverse();
}

function mean(cells, key) {
  return cells.length ? cells.reduce((sum, cell) => sum + cell[key], 0) / cells.length : null;
}

function number(layer) {
  layer.forEach((cell, index) => { cell.order = index; });
}

function depthFirstOrder(graph) {
  const seen = new Set();
  const layers = graph.layers.map(() => []);
  const stack = [...graph.layers[0]].reverse();
  while (stack.length) {
    const cell = stack.pop();
    if (seen.has(cell)) continue;
    seen.add(cell);
    layers[cell.layer].push(cell);
    stack.push(...[...cell.out].reverse());
  }
  graph.layers = layers;
  layers.forEach(number);
}

/** Between neighbouring layers: inversions of the targets, counted with a Fenwick tree. */
function countCrossings(layers) {
  let total = 0;
  for (const layer of layers) {
    const targets = layer.flatMap((cell) => cell.out.map((it) => it.order).sort((a, b) => a - b));
    const tree = new Array(Math.max(0, ...targets) + 2).fill(0);
    targets.forEach((target, before) => {
      let smaller = 0;
      for (let i = target + 1; i > 0; i -= i & -i) smaller += tree[i];
      total += before - smaller;
      for (let i = target + 1; i < tree.length; i += i & -i) tree[i]++;
    });
  }
  return total;
}

/** Every cell comes as near to the mean of its neighbours as the order and the gaps allow. */
function placeVertically(graph) {
  for (const layer of graph.layers) spread(layer, layer.map(() => 0));
  for (let sweep = 0; sweep < 16; sweep++) {
    const side = sweep % 2 === 0 ? "in" : "out";
    for (const layer of inSweepOrder(graph.layers, side)) {
      spread(layer, layer.map((cell) => mean(sweep > 11 ? [...cell.in, ...cell.out] : cell[side], "y") ?? cell.y));
    }
  }
}

/** Least squares under `y[i+1] - y[i] >= gap`: isotonic regression by merging of blocks. */
function spread(layer, wanted) {
  let offset = 0;
  const blocks = [];
  const offsets = layer.map((cell, index) => {
    if (index > 0) offset += gapBetween(layer[index - 1], cell);
    return offset;
  });
  layer.forEach((cell, index) => {
    const weight = cell.lane ? 3 : 1;
    let block = { sum: (wanted[index] - offsets[index]) * weight, weight, first: index };
    while (blocks.length && blocks.at(-1).sum / blocks.at(-1).weight >= block.sum / block.weight) {
      const before = blocks.pop();
      block = { sum: before.sum + block.sum, weight: before.weight + block.weight, first: before.first };
    }
    blocks.push(block);
  });
  blocks.forEach((block, index) => {
    const end = blocks[index + 1]?.first ?? layer.length;
    for (let i = block.first; i < end; i++) layer[i].y = block.sum / block.weight + offsets[i];
  });
}

function gapBetween(a, b) {
  if (a.lane && b.lane) return LANE_GAP;
  return a.lane || b.lane ? NODE_HEIGHT / 2 + LANE_GAP : NODE_HEIGHT + NODE_GAP;
}

function placeHorizontally(graph, width) {
  let left = 0;
  for (const layer of graph.layers) {
    const column = Math.max(40, ...layer.filter((cell) => !cell.lane).map((cell) => width(cell.key)));
    const links = layer.reduce((sum, cell) => sum + cell.out.length, 0);
    for (const cell of layer) Object.assign(cell, { x: left, width: column });
    left += column + 56 + Math.min(240, links * 1.2);
  }
}

/** A curve between layers, straight through the layers on the way. */
function route(edge, graph, turned) {
  const [start, end] = [edge.from, edge.to].map((id) => graph.cells.get(id));
  if (start === end) return `M${start.x + start.width},${round(start.y) - 8} c40,-30 40,46 0,16`;
  if (turned.has(edge)) {
    return `M${start.x},${round(start.y)} ${curve(start.x, start.y + 8, end.x + end.width, end.y + 8)}`;
  }
  let path = `M${start.x + start.width},${round(start.y)}`;
  let [x, y] = [start.x + start.width, start.y];
  for (const lane of graph.lanes.get(edge)) {
    path += ` ${curve(x, y, lane.x, lane.y)} H${round(lane.x + lane.width)}`;
    [x, y] = [lane.x + lane.width, lane.y];
  }
  return `${path} ${curve(x, y, end.x, end.y)}`;
}

function curve(x1, y1, x2, y2) {
  const middle = (x1 + x2) / 2;
  return `C${[middle, y1, middle, y2, x2, y2].map(round).join(",")}`;
}

function round(pixels) {
  return Math.round(pixels * 10) / 10;
}

function boundingBox(graph) {
  const cells = [...graph.cells.values()];
  const top = Math.min(...cells.map((cell) => cell.y)) - NODE_HEIGHT;
  const bottom = Math.max(...cells.map((cell) => cell.y)) + NODE_HEIGHT;
  const right = Math.max(...cells.map((cell) => cell.x + cell.width));
  return { x: -20, y: top, width: right + 40, height: bottom - top };
}
