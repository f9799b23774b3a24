//! Addresses of sources.

use crate::conandata;
use crate::finding::Severity;
use crate::rule::{Check, FolderScope, Rule, Sink};
use crate::source::{Node, YamlFile};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "source-url-form",
        severity: Severity::Error,
        summary: "urls have a scheme and a host, and no blanks, quotes or commas at their end",
        why: "Anything else can't be downloaded. A comma at the end of an item of a YAML list \
              belongs to the text.",
        fixable: false,
        check: Check::Conandata(form),
    },
    Rule {
        id: "source-url-http",
        severity: Severity::Warning,
        summary: "sources are downloaded by https",
        why: "What comes by http can be read and exchanged on its way; the checksum notices the \
              latter, but the download fails then. Most hosts answer at https, too; ftp is accepted \
              where there's nothing else.",
        fixable: false,
        check: Check::Conandata(http),
    },
    Rule {
        id: "source-url-moving",
        severity: Severity::Error,
        summary: "urls name a release, tag or commit, not a branch",
        why: "The archive of a branch changes with each commit: the checksum fits once. Name the \
              commit, and date the version: `0.0.0.cci.20240402`.",
        fixable: false,
        check: Check::Conandata(moving),
    },
    Rule {
        id: "source-host-lookalike",
        severity: Severity::Error,
        summary: "the host isn't one that only looks like a well-known one",
        why: "`github.example.top` isn't GitHub: proxies and mirrors with such names come and go, \
              and may serve what they like to those who add the next checksum. Name the official \
              origin.",
        fixable: false,
        check: Check::Conandata(lookalike),
    },
];

fn addresses(file: &YamlFile) -> Vec<(&Node, &str)> {
    conandata::sources(file)
        .iter()
        .flat_map(conandata::urls)
        .filter_map(|node| Some((node, node.text()?)))
        .collect()
}

fn form(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (node, url) in addresses(file) {
        if let Some(problem) = problem(url) {
            sink.at(&file.source, node.span, format!("`{url}` {problem}"));
        }
    }
}

/// What is wrong with the form of an address, to be read after it.
pub(super) fn problem(url: &str) -> Option<&'static str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("is no url: it has no scheme like https://");
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let letter = |it: char| it.is_ascii_alphanumeric() || "+-.".contains(it);
    if scheme.is_empty() || !scheme.chars().all(letter) {
        Some("is no url: its scheme can't be read")
    } else if host.is_empty() && scheme != "file" {
        Some("has no host")
    } else if url.chars().any(char::is_whitespace) {
        Some("has blanks in it")
    } else if url.ends_with(',') || url.ends_with(';') {
        Some("ends with a separator, which belongs to the text")
    } else if url.contains(['"', '\'', '<', '>', '`']) {
        Some("has quotes or brackets in it")
    } else {
        None
    }
}

fn http(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (node, url) in addresses(file) {
        if url.starts_with("http://") {
            sink.at(&file.source, node.span, format!("`{url}` isn't https"));
        }
    }
}

fn moving(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (node, url) in addresses(file) {
        if let Some(branch) = branch(url) {
            let message = format!("`{url}` is what the branch `{branch}` holds at the moment");
            sink.at(&file.source, node.span, message);
        }
    }
}

/// The branch that an address names for sure.
fn branch(url: &str) -> Option<&str> {
    let (_, path) = url.split_once("://")?;
    let (host, path) = path.split_once('/')?;
    let usual = |it: &str| matches!(it, "master" | "main" | "HEAD" | "develop" | "trunk");
    if let Some((_, branch)) = path.split_once("/refs/heads/") {
        let branch = match host {
            "raw.githubusercontent.com" => branch.split('/').next().unwrap_or(branch),
            _ => without_ending(branch),
        };
        return Some(branch);
    }
    match host {
        "raw.githubusercontent.com" => path.split('/').nth(2).filter(|it| usual(it)),
        "github.com" => {
            let (_, archive) = path.split_once("/archive/")?;
            Some(without_ending(archive)).filter(|it| usual(it))
        }
        _ => None,
    }
}

fn without_ending(name: &str) -> &str {
    let endings = [".tar.gz", ".zip", ".tgz", ".tar.xz", ".tar.bz2"];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stem.unwrap_or(name)
}

fn lookalike(file: &YamlFile, _: &FolderScope<'_>, sink: &mut Sink<'_>) {
    for (node, url) in addresses(file) {
        let Some(host) = host(url) else {
            continue;
        };
        if let Some(original) = imitated(host) {
            let message = format!("`{host}` isn't {original}");
            sink.at(&file.source, node.span, message);
        }
    }
}

/// The host of an address, without user and port.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    Some(host.split_once(':').map_or(host, |(host, _)| host))
}

/// Whom a host imitates. Installations of GitLab are named `gitlab.company.com` all over the world,
/// so only names of hosts count that nobody else runs.
fn imitated(host: &str) -> Option<&'static str> {
    const ORIGINALS: [(&str, &[&str]); 5] = [
        (
            "github",
            &["github.com", "github.io", "githubusercontent.com"],
        ),
        ("githubusercontent", &["githubusercontent.com"]),
        ("sourceforge", &["sourceforge.net", "sourceforge.io"]),
        ("bitbucket", &["bitbucket.org", "bitbucket.io"]),
        ("pypi", &["pypi.org", "pypi.python.org"]),
    ];
    let labels: Vec<&str> = host.split('.').collect();
    let (name, domains) = ORIGINALS
        .iter()
        .find(|(name, _)| labels.iter().rev().skip(1).any(|label| label == name))?;
    let official = domains.iter().any(|it| {
        host == *it
            || host
                .strip_suffix(it)
                .is_some_and(|rest| rest.ends_with('.'))
    });
    // A project of that name on its own page: `github.io` is a domain, `pypi.io` an old address.
    let harmless = host.ends_with(".io") || host.ends_with(".readthedocs.org");
    (!official && !harmless).then_some(match *name {
        "github" | "githubusercontent" => "GitHub",
        "sourceforge" => "SourceForge",
        "bitbucket" => "Bitbucket",
        _ => "PyPI",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_and_hosts() {
        assert_eq!(
            branch("https://github.com/a/b/archive/master.zip"),
            Some("master")
        );
        assert_eq!(
            branch("https://github.com/a/b/archive/refs/heads/x/y.tar.gz"),
            Some("x/y")
        );
        assert_eq!(
            branch("https://github.com/a/b/archive/refs/tags/main.zip"),
            None
        );
        assert_eq!(
            branch("https://raw.githubusercontent.com/a/b/main/LICENSE"),
            Some("main")
        );
        assert_eq!(
            branch("https://raw.githubusercontent.com/a/b/v1/LICENSE"),
            None
        );
        assert_eq!(imitated("github.xi-han.top"), Some("GitHub"));
        assert_eq!(imitated("github.com"), None);
        assert_eq!(imitated("codeload.github.com"), None);
        assert_eq!(imitated("a.github.io"), None);
        assert_eq!(imitated("downloads.sourceforge.net"), None);
        assert_eq!(imitated("gitlab.gnome.org"), None);
        assert_eq!(
            problem("https://a/b,"),
            Some("ends with a separator, which belongs to the text")
        );
        assert_eq!(problem("ftp://ftp.gnu.org/x"), None);
    }
}
