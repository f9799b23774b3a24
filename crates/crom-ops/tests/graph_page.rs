//! The page of `graph info --format=html`: as text, and as a browser shows it.
//!
//! The browser is the one named by `CROM_BROWSER`, or a Chromium of the `PATH`. Without one only the
//! text is tested.

use std::path::{Path, PathBuf};
use std::process::Command;

use crom_ops::graph_page;
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

const EVIL: &str = "ends </script><script>alert(1)</script> <!-- <script> /*STYLE*/";

#[test]
fn no_text_of_a_package_ends_the_script() {
    let graph = conflicting_graph();
    let page = graph_page(&graph);
    // The data's own end tag and the script's.
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<!--"));

    let (_, rest) = page.split_once(r#"id="graph-data">"#).unwrap();
    let (data, _) = rest.split_once("</script>").unwrap();
    assert_eq!(serde_json::from_str::<Value>(data).unwrap(), graph);
    assert!(data.contains(r#""vendor":true"#), "compact JSON");
}

#[test]
fn every_place_of_the_template_is_filled() {
    let page = graph_page(&json!({ "graph": { "nodes": {} } }));
    for place in ["/*STYLE*/", "/*SCRIPT*/", "/*DATA*/"] {
        assert!(!page.contains(place), "{place} is left");
    }
    assert!(page.contains("<body>"));
}

#[test]
fn the_page_asks_nothing_of_the_network() {
    let page = graph_page(&json!({ "graph": { "nodes": {} } }));
    for word in [
        "src=",
        "href=\"",
        "url(http",
        "@import",
        "fetch(",
        "XMLHttpRequest",
        "import(",
        "WebSocket",
    ] {
        assert!(!page.contains(word), "{word} in the page");
    }
    assert!(
        page.contains("default-src 'none'"),
        "the browser refuses what is overlooked here"
    );
}

#[test]
fn the_browser_shows_packages_and_the_conflict() {
    let Some(dom) = browse(&conflicting_graph(), "") else {
        return;
    };
    assert_eq!(classes(&dom, "sdk/2.0"), ["node", "cache", "vendor"]);
    assert_eq!(classes(&dom, "engine/1.0"), ["node", "build"]);
    assert_eq!(classes(&dom, "zlib/1.3"), ["node", "missing"]);
    assert_eq!(classes(&dom, "old/1.0"), ["node", "invalid"]);
    assert_eq!(classes(&dom, "cmake/3.31"), ["node", "skip"]);
    assert_eq!(
        classes(&dom, "gtest/1.15"),
        ["node", "cache", "test-require"]
    );
    assert_eq!(classes(&dom, "openssl/3.0"), ["node", "platform"]);
    assert_eq!(attribute(node(&dom, "engine/1.0"), "data-binary"), "Build");
    assert_eq!(attribute(node(&dom, "cmake/3.31"), "data-context"), "build");
    assert_eq!(
        attribute(node(&dom, "sdk/2.0"), "aria-label"),
        "sdk/2.0, binary Cache, host context, vendor, requires 0, required by 1"
    );

    // Neither side of the conflict is in the graph: they are drawn all the same.
    for side in ["z0/1.0", "z0/2.0"] {
        assert_eq!(
            classes(&dom, side),
            ["node", "unknown", "phantom", "conflict"],
            "{side}"
        );
    }
    let problem = element(&dom, "id=\"problem\"");
    assert!(!problem.contains("hidden"), "{problem}");
    let text = text_from(&dom, "id=\"problem\"", "<main>");
    assert_eq!(
        text,
        "Version conflict: z0app/1.0 requires z0/2.0engine/1.0 requires z0/[&gt;=1 &lt;2]"
    );
    assert_eq!(dom.matches("class=\"edge host conflict\"").count(), 2);
}

/// As in a diamond: the root inherits one side, which somebody else requires.
#[test]
fn an_inherited_conflict_names_who_requires_it() {
    let mut graph = conflicting_graph();
    graph["graph"]["error"] = json!({
        "type": "conflict", "name": "zlib",
        "branch1": {
            "src_id": "0", "src_ref": "app/1.0", "dst_id": "3",
            "require": traits("zlib/1.3", json!({ "direct": false })),
        },
        "branch2": { "src_id": "2", "src_ref": "sdk/2.0", "require": traits("zlib/1.2", json!({})) },
    });
    let Some(dom) = browse(&graph, "") else {
        return;
    };
    let text = text_from(&dom, "id=\"problem\"", "<main>");
    assert_eq!(
        text,
        "Version conflict: zlibengine/1.0 requires zlib/1.3sdk/2.0 requires zlib/1.2"
    );
    let edge = element(&dom, "data-from=\"1\" data-to=\"3\"");
    assert_eq!(attribute(edge, "class"), "edge host conflict");
    assert_eq!(classes(&dom, "zlib/1.3"), ["node", "missing", "conflict"]);
}

#[test]
fn the_address_holds_a_search() {
    let Some(dom) = browse(&conflicting_graph(), "#q=binary:missing") else {
        return;
    };
    assert_eq!(classes(&dom, "zlib/1.3"), ["node", "missing", "hit"]);
    assert_eq!(classes(&dom, "engine/1.0"), ["node", "build", "faded"]);
    assert_eq!(text_from(&dom, "id=\"search-count\"", "</output>"), "1 hit");

    let Some(dom) = browse(&conflicting_graph(), "#q=GINE&only=1") else {
        return;
    };
    assert_eq!(dom.matches("data-ref=").count(), 1, "only hits are drawn");
    assert_eq!(classes(&dom, "engine/1.0"), ["node", "build", "hit"]);
}

#[test]
fn the_address_holds_the_filters() {
    let Some(dom) = browse(&conflicting_graph(), "#context=host&tests=0&skipped=0") else {
        return;
    };
    for hidden in ["cmake/3.31", "gtest/1.15"] {
        assert!(!dom.contains(&format!("data-ref=\"{hidden}\"")), "{hidden}");
    }
    assert_eq!(classes(&dom, "zlib/1.3"), ["node", "missing"]);
}

#[test]
fn the_address_holds_the_package_with_details() {
    let Some(dom) = browse(&conflicting_graph(), "#ref=zlib/1.3") else {
        return;
    };
    assert_eq!(classes(&dom, "zlib/1.3"), ["node", "missing", "selected"]);
    let details = text_from(&dom, "id=\"details\"", "</aside>");
    for words in [
        "zlib/1.3",
        // As text: it did not become elements.
        "ends &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
        "licenseZlib",
        "topicscompression, data",
        "homepagejavascript:alert(1)",
        "Required by (1)engine/1.0headerslibs",
        "app/1.0 \u{2192} engine/1.0 \u{2192} zlib/1.3",
        "osLinux",
    ] {
        assert!(details.contains(words), "{words:?} isn't in {details}");
    }
    assert!(
        !dom.contains("href=\"javascript:"),
        "only addresses of the web become links"
    );
    assert!(
        dom.contains(
            "<tr class=\"changed\" title=\"not the default\"><th scope=\"row\">shared</th>"
        )
    );
    assert!(dom.contains("<tr><th scope=\"row\">fPIC</th>"));

    let Some(dom) = browse(&conflicting_graph(), "#ref=old/1.0") else {
        return;
    };
    let details = text_from(&dom, "id=\"details\"", "</aside>");
    assert!(details.contains("Invalid: needs C++20"), "{details}");
}

#[test]
fn the_keyboard_is_enough() {
    let keys = r#"
        const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        const note = () => document.title += " | " + (document.activeElement.dataset.ref || document.activeElement.id);
        document.title = "keys";
        press("/"); note();
        search.value = "gin"; search.dispatchEvent(new Event("input"));
        press("Enter");
        document.querySelector(".node.selected").focus(); note();
        press("ArrowRight"); note();
        press("ArrowLeft"); note();
        press("ArrowUp"); note();
        press("Enter");
    "#;
    let Some(dom) = browse_and(&conflicting_graph(), "", keys) else {
        return;
    };
    let (_, title) = dom.split_once("<title>").unwrap();
    let steps: Vec<_> = title
        .split_once("</title>")
        .unwrap()
        .0
        .split(" | ")
        .collect();
    assert_eq!(steps[..3], ["keys", "search", "engine/1.0"]);
    let required = ["zlib/1.3", "old/1.0", "openssl/3.0", "z0/1.0"];
    assert!(
        required.contains(&steps[3]),
        "{steps:?}: right leads to what engine requires"
    );
    assert_eq!(steps[4], "engine/1.0", "and left back");
    let selected = dom.matches(" selected\"").count() + dom.matches(" selected ").count();
    assert_eq!(selected, 1);
    assert!(
        attribute(node(&dom, steps[5]), "class").contains("selected"),
        "{steps:?}: Enter shows the details"
    );
    assert_eq!(text_from(&dom, "id=\"details\"", "</h2>"), steps[5]);
}

#[test]
fn the_browser_shows_other_problems() {
    let mut graph = conflicting_graph();
    graph["graph"]["error"] = json!({
        "type": "missing", "node": { "id": "1", "ref": "engine/1.0" },
        "require": traits("nothing/1.0", json!({})), "error": "Package 'nothing/1.0' not resolved: no remote"
    });
    let Some(dom) = browse(&graph, "") else {
        return;
    };
    let text = text_from(&dom, "id=\"problem\"", "<main>");
    assert_eq!(
        text,
        "Package nothing/1.0 not resolvedengine/1.0: Package 'nothing/1.0' not resolved: no remote"
    );
    assert_eq!(
        classes(&dom, "nothing/1.0"),
        ["node", "unknown", "phantom", "conflict"]
    );

    graph["graph"]["error"] = json!({
        "type": "provide_conflict", "node": { "id": "2", "ref": "sdk/2.0" },
        "conflicting_node": { "id": "3", "ref": "zlib/1.3" }, "provided": ["zlib"]
    });
    let Some(dom) = browse(&graph, "") else {
        return;
    };
    assert_eq!(
        text_from(&dom, "id=\"problem\"", "<main>"),
        "Provide conflictsdk/2.0 and zlib/1.3 both provide zlib"
    );
    assert_eq!(classes(&dom, "zlib/1.3"), ["node", "missing", "conflict"]);
}

#[test]
fn five_hundred_packages_are_drawn() {
    let mut nodes = Map::new();
    for id in 0..500_usize {
        let requires: Vec<_> = [id * 3 / 2 + 1, id * 2 + 2, id + 40]
            .into_iter()
            .filter(|to| *to < 500)
            .collect();
        let dependencies: Map<_, _> = requires
            .iter()
            .map(|to| (to.to_string(), traits(&format!("p{to}/1.0"), json!({}))))
            .collect();
        nodes.insert(
            id.to_string(),
            package(
                id,
                &format!("p{id}/1.0"),
                json!({ "binary": "Cache", "dependencies": dependencies }),
            ),
        );
    }
    let graph = json!({ "graph": { "nodes": nodes, "root": { "0": "p0/1.0" }, "error": null } });
    let Some(dom) = browse(&graph, "") else {
        return;
    };
    assert_eq!(dom.matches("data-ref=").count(), 500);
    assert!(!dom.contains("NaN"), "a place that isn't a number");
}

fn conflicting_graph() -> Value {
    let plain = json!({ "headers": true, "libs": true });
    let nodes = json!({
        "0": package(0, "app/1.0", json!({ "recipe": "Consumer", "binary": null, "dependencies": {
            "1": traits("engine/1.0", plain.clone()),
            "2": traits("sdk/2.0", plain.clone()),
            "4": traits("cmake/3.31", json!({ "build": true, "run": true, "visible": false })),
            "6": traits("gtest/1.15", json!({ "test": true, "visible": false })),
            "3": traits("zlib/1.3", json!({ "direct": false })),
        } })),
        "1": package(1, "engine/1.0", json!({ "binary": "Build", "dependencies": {
            "3": traits("zlib/1.3", plain.clone()),
            "5": traits("old/1.0", plain.clone()),
            "7": traits("openssl/3.0", plain),
        } })),
        "2": package(2, "sdk/2.0", json!({ "vendor": true })),
        "3": package(3, "zlib/1.3", json!({
            "binary": "Missing", "description": EVIL, "license": "Zlib", "topics": ["compression", "data"],
            "homepage": "javascript:alert(1)", "options": { "shared": "True", "fPIC": "True" },
            "default_options": { "shared": false, "fPIC": true },
        })),
        "4": package(4, "cmake/3.31", json!({ "binary": "Skip", "context": "build" })),
        "5": package(5, "old/1.0", json!({ "binary": "Invalid", "info_invalid": "needs C++20" })),
        "6": package(6, "gtest/1.15", json!({ "test": true })),
        "7": package(7, "openssl/3.0", json!({ "binary": "Platform", "recipe": "Platform" })),
    });
    let range = json!({ "require": "z0/[>=1 <2]" });
    json!({ "graph": {
        "nodes": nodes, "root": { "0": "app/1.0" }, "overrides": {}, "resolved_ranges": {}, "replaced_requires": {},
        "error": {
            "type": "conflict", "name": "z0",
            "branch1": { "src_id": "0", "src_ref": "app/1.0", "dst_id": null, "require": traits("z0/2.0", json!({})) },
            "branch2": { "src_id": "1", "src_ref": "engine/1.0", "require": traits("z0/1.0", range) },
        },
    } })
}

fn package(id: usize, reference: &str, own: Value) -> Value {
    let base = json!({
        "ref": format!("{reference}#{:032x}", id + 1), "id": id.to_string(), "label": reference,
        "recipe": "Cache", "binary": "Cache", "context": "host", "vendor": false, "test": false,
        "settings": { "os": "Linux" }, "options": {}, "dependencies": {}, "invalid_build": false,
    });
    merged(base, own)
}

fn traits(reference: &str, own: Value) -> Value {
    let base = json!({ "ref": reference, "require": reference, "direct": true, "build": false, "test": false });
    merged(base, own)
}

fn merged(mut base: Value, own: Value) -> Value {
    if let (Some(base), Value::Object(own)) = (base.as_object_mut(), own) {
        base.extend(own);
    }
    base
}

/// The page after its script ran. None if there is no browser.
fn browse(graph: &Value, fragment: &str) -> Option<String> {
    browse_and(graph, fragment, "")
}

/// The same, with a script of the test that runs after that of the page.
fn browse_and(graph: &Value, fragment: &str, script: &str) -> Option<String> {
    let browser = find_browser()?;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("graph.html");
    let page =
        graph_page(graph).replace("</body>", &format!("<script>{{{script}}}</script></body>"));
    crom_fs::write(&file, page).unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .args([
            "--window-size=1400,900",
            "--virtual-time-budget=4000",
            "--dump-dom",
        ])
        .arg(format!("file://{}{fragment}", file.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8(output.stdout).unwrap();
    assert!(
        dom.contains("<svg"),
        "no page: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(dom)
}

#[expect(
    clippy::print_stderr,
    reason = "who reads the log must see what was not tested"
)]
fn find_browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CROM_BROWSER") {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| {
            ["chromium", "chromium-browser", "google-chrome"].map(|name| folder.join(name))
        })
        .find(|file| Path::is_file(file));
    if found.is_none() {
        eprintln!("skipped: no browser (set CROM_BROWSER or have chromium on the PATH)");
    }
    found
}

/// The start tag of a package's element.
fn node<'a>(dom: &'a str, reference: &str) -> &'a str {
    element(dom, &format!("data-ref=\"{reference}\""))
}

/// The start tag that has `attribute`.
fn element<'a>(dom: &'a str, attribute: &str) -> &'a str {
    let at = dom
        .find(attribute)
        .unwrap_or_else(|| panic!("no element with {attribute}"));
    let (start, end) = (dom[..at].rfind('<').unwrap(), dom[at..].find('>').unwrap());
    &dom[start..=at + end]
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let (_, rest) = tag
        .split_once(&format!(" {name}=\""))
        .unwrap_or_else(|| panic!("no {name} in {tag}"));
    rest.split_once('"').unwrap().0
}

fn classes<'a>(dom: &'a str, reference: &str) -> Vec<&'a str> {
    attribute(node(dom, reference), "class")
        .split(' ')
        .collect()
}

/// The text between an element and a later tag, without the tags.
fn text_from(dom: &str, attribute: &str, end: &str) -> String {
    let (_, rest) = dom
        .split_once(attribute)
        .unwrap_or_else(|| panic!("no element with {attribute}"));
    let (inner, _) = rest
        .split_once(end)
        .unwrap_or_else(|| panic!("no {end} after {attribute}"));
    let pieces = inner
        .split('<')
        .map(|piece| piece.split_once('>').map_or("", |(_, text)| text));
    pieces.collect::<String>().trim().to_owned()
}
