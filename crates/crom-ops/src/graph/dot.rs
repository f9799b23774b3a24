use crom_graph::Graph;

/// The graph for Graphviz: one line per direct dependency. The root is `conanfile.py (name/version)`.
pub(super) fn dot(graph: &Graph) -> String {
    let mut text = String::from("digraph {\n");
    for id in graph.ids() {
        for edge in &graph.node(id).dependencies {
            let (from, to) = (&graph.node(id).display, &graph.node(edge.to).display);
            text.push_str(&format!(
                "        \"{}\" -> \"{}\"\n",
                escape(from),
                escape(to)
            ));
        }
    }
    text.push_str("}\n\n");
    text
}

fn escape(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"")
}
