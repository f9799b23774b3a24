//! Pages for people: what they say, and that a browser shows them.

use std::path::PathBuf;
use std::process::Command;

use crate::harness::{TestServer, folder};
use crate::package::{TestBinary, TestRecipe};

/// Slashes as people see them.
fn shown(page: &str) -> String {
    page.replace("&#x2f;", "/")
}

fn with_package() -> (TestServer, TestRecipe, TestBinary) {
    let server = TestServer::start();
    let ann = server.login("ann");
    let recipe = TestRecipe::new("wa/1.0", "one");
    let binary = TestBinary::new('a', "a");
    recipe.upload(&server, &ann, "main");
    binary.upload(&server, &ann, "main", &recipe);
    TestBinary::new('b', "b").upload(&server, &ann, "main", &recipe);
    TestRecipe::new("wa/1.10", "ten").upload(&server, &ann, "main");
    TestRecipe::new("secret/1.0", "one").upload(&server, &ann, "private");
    (server, recipe, binary)
}

#[test]
fn pages_lead_from_the_repositories_to_a_binary() {
    let (server, recipe, binary) = with_package();
    let index = server.get("").expect(200).text();
    assert!(
        index.contains("href=\"/main\"") && !index.contains("private</a>"),
        "{index}"
    );
    let page = shown(&server.get("main").expect(200).text());
    assert!(
        page.contains(&format!("conan remote add main {}/main", server.url)),
        "{page}"
    );
    assert!(
        page.contains("href=\"/main/-/package/wa\"") && page.contains("newest 1.10"),
        "{page}"
    );
    let page = shown(&server.get("main/-/package/wa").expect(200).text());
    let (ten, one) = (page.find(">wa/1.10<"), page.find(">wa/1.0<"));
    assert!(
        ten.is_some() && ten < one,
        "the newest version comes first: {page}"
    );
    let page = shown(&server.get("main/-/recipe/wa/1.0/_/_").expect(200).text());
    let path = format!(
        "/main/-/binary/wa/1.0/_/_/{}/{}",
        recipe.rrev, binary.package_id
    );
    for part in [
        &recipe.rrev,
        &path,
        "by ann",
        "<th scope=\"col\">letter</th>",
        "conanfile.py",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = server.get(&path[1..]).expect(200).text();
    for part in [
        &binary.prev,
        "<dt>os</dt><dd>Linux</dd>",
        "conan_package.tgz",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    server.get("main/-/package/nope").expect(404);
}

#[test]
fn pages_show_what_one_may_read() {
    let (server, _, _) = with_package();
    server.get("private").expect(401);
    let found = server.get("-/search?q=secret").expect(200).text();
    assert!(!found.contains("/private/"), "{found}");
    let ann = server.login("ann");
    let found = server.get_as(&ann, "-/search?q=secret").expect(200).text();
    assert!(
        found.contains("href=\"/private/-/package/secret\""),
        "{found}"
    );
    server.get("?login=1").expect(401);
}

#[test]
fn a_browser_shows_them() {
    let Some(browser) = browser() else {
        eprintln!("skipped: no browser (set CROM_BROWSER or have chromium on the PATH)");
        return;
    };
    let (server, _, _) = with_package();
    let profile = folder();
    let url = format!("{}/main/-/recipe/wa/1.0/_/_", server.url);
    let dump = |extra: &[&str]| {
        let output = Command::new(&browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(extra)
            .arg(&url)
            .output()
            .expect("the browser runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!errors.contains("Content Security Policy"), "{errors}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let page = dump(&["--enable-logging=stderr"]);
    assert!(page.contains("<h1>wa/1.0</h1>"), "{page}");
    assert_eq!(page.matches("<tr><th scope=\"row\">").count(), 2, "{page}");
}

fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CROM_BROWSER") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join("chromium"))
        .find(|program| program.is_file())
}
