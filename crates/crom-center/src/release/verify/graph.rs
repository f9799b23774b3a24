//! What the graph of a consumer was made of, from the JSON of `install` and `build`.

use std::collections::BTreeSet;

use serde_json::Value;

/// Revisions that came out of the test repository.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// `name/version#rrev`
    pub recipes: BTreeSet<String>,
    /// `name/version#rrev:package_id#prev`
    pub packages: BTreeSet<String>,
}

impl Seen {
    /// Notes what a graph has.
    ///
    /// # Errors
    /// Names what didn't come from the remote.
    pub fn add(&mut self, graph: &Value, remote: &str) -> Result<(), String> {
        let nodes = graph.pointer("/graph/nodes").and_then(Value::as_object);
        for node in nodes.into_iter().flat_map(serde_json::Map::values) {
            let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
            let (reference, recipe, binary) = (text("ref"), text("recipe"), text("binary"));
            if matches!(recipe, "Cli" | "Consumer" | "Platform") {
                continue;
            }
            // In a home that began empty the cache has only what came from there.
            let from_there = |place: &str| place.is_empty() || place == remote;
            if !from_there(text("remote")) || !from_there(text("binary_remote")) {
                return Err(format!("{reference} came from elsewhere"));
            }
            self.recipes.insert(reference.to_owned());
            match binary {
                "Cache" | "Download" | "Update" => {
                    let (id, revision) = (text("package_id"), text("prev"));
                    self.packages.insert(format!("{reference}:{id}#{revision}"));
                }
                "Skip" => {}
                other => return Err(format!("{reference} is {other}")),
            }
        }
        Ok(())
    }
}

/// A folder of the consumer itself.
pub(super) fn root_folder(graph: &Value, name: &str) -> Option<String> {
    let root = graph.pointer("/graph/nodes/0")?;
    root.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_one_remote_counts() {
        let node = |remote: &str, binary: &str| {
            json!({"graph": {"nodes": {
                "0": {"ref": "conanfile", "recipe": "Consumer", "binary": null, "build_folder": "/b"},
                "1": {"ref": "zlib/1#r", "recipe": "Downloaded", "remote": remote, "binary": binary,
                      "binary_remote": remote, "package_id": "id", "prev": "p"}}}})
        };
        let mut seen = Seen::default();
        seen.add(&node("test", "Download"), "test").unwrap();
        assert!(seen.packages.contains("zlib/1#r:id#p"));
        let error = seen.add(&node("other", "Download"), "test").unwrap_err();
        assert_eq!(error, "zlib/1#r came from elsewhere");
        let error = seen.add(&node("test", "Build"), "test").unwrap_err();
        assert_eq!(error, "zlib/1#r is Build");
        assert_eq!(root_folder(&node("", ""), "build_folder").unwrap(), "/b");
    }
}
