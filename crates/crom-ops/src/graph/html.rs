//! The graph as one page that needs no network: the data as JSON, with the script and the style
//! that show it.

use serde_json::Value;

const TEMPLATE: &str = include_str!("../../templates/graph/page.html");
/// One script in the page: what is known, where it goes, how it is shown.
const SCRIPT: &str = concat!(
    include_str!("../../templates/graph/model.js"),
    include_str!("../../templates/graph/layout.js"),
    include_str!("../../templates/graph/page.js"),
);
const STYLE: &str = include_str!("../../templates/graph/page.css");

/// The page of a graph, from what `graph info --format=json` prints of it.
pub fn page(graph: &Value) -> String {
    // In JSON a `<` is always inside of a string. Escaped, no description of a package can end the
    // script element (`</script>`) or hide its end (`<!-- <script>`).
    let data = graph.to_string().replace('<', "\\u003c");
    // The data comes last, so that nothing in it is taken for a place to fill.
    TEMPLATE
        .replace("/*STYLE*/", STYLE)
        .replace("/*SCRIPT*/", SCRIPT)
        .replace("/*DATA*/", &data)
}
