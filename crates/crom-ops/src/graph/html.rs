//! The graph as one page that needs no network: the data as JSON, with the script and the style
//! that show it.

use serde_json::Value;

const TEMPLATE: &str = include_str!("../../templates/graph/page.html");
const SCRIPT: &str = include_str!("../../templates/graph/page.js");
const STYLE: &str = include_str!("../../templates/graph/page.css");

/// The page of a graph, from its JSON.
pub(super) fn page(graph: &Value) -> String {
    // `</script>` in a description must not end the script.
    let data = graph
        .to_string()
        .replace("</", "<\\/")
        .replace("<!--", "<\\!--");
    TEMPLATE
        .replace("/*STYLE*/", STYLE)
        .replace("/*SCRIPT*/", SCRIPT)
        .replace("/*DATA*/", &data)
}
