//! SPDX licence expressions: `MIT OR (Apache-2.0 WITH LLVM-exception)`.
//!
//! The lists in `data/` are those of the SPDX licence list 3.x (CC0-1.0).

use std::collections::HashMap;
use std::sync::OnceLock;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpdxProblem {
    /// A licence that the list doesn't have.
    Unknown {
        /// As written.
        id: String,
        /// The id that differs only in case.
        same_letters: Option<&'static str>,
    },
    /// A licence that the list has, but shouldn't be used any more: `GPL-2.0`.
    Deprecated(String),
    /// An expression that isn't one.
    Form(String),
}

struct Lists {
    licences: HashMap<String, &'static str>,
    deprecated: HashMap<String, &'static str>,
    exceptions: HashMap<String, &'static str>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    let read = |text: &'static str| {
        let lines = text.lines().filter(|it| !it.is_empty());
        lines.map(|it| (it.to_ascii_lowercase(), it)).collect()
    };
    LISTS.get_or_init(|| Lists {
        licences: read(include_str!("../data/spdx-licenses.txt")),
        deprecated: read(include_str!("../data/spdx-deprecated.txt")),
        exceptions: read(include_str!("../data/spdx-exceptions.txt")),
    })
}

/// Checks an expression: first its form, then its identifiers; the first problem counts.
pub fn check(expression: &str) -> Option<SpdxProblem> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let mut identifiers = Vec::new();
    let mut depth = 0_usize;
    let mut wants_licence = true;
    let mut after_with = false;
    for word in spaced.split_whitespace() {
        match word {
            "(" if wants_licence && !after_with => depth += 1,
            ")" if !wants_licence && depth > 0 => depth -= 1,
            "AND" | "OR" | "WITH" if !wants_licence => {
                wants_licence = true;
                after_with = word == "WITH";
            }
            id if wants_licence && !matches!(id, "(" | ")" | "AND" | "OR" | "WITH") => {
                identifiers.push((id, after_with));
                wants_licence = false;
                after_with = false;
            }
            _ => return Some(SpdxProblem::Form(expression.to_owned())),
        }
    }
    if wants_licence || depth > 0 {
        return Some(SpdxProblem::Form(expression.to_owned()));
    }
    identifiers.into_iter().find_map(|(id, after_with)| {
        if after_with {
            exception(id)
        } else {
            licence(id)
        }
    })
}

fn licence(id: &str) -> Option<SpdxProblem> {
    let reference = id.rsplit_once(':').map_or(id, |(_, licence)| licence);
    if reference.starts_with("LicenseRef-") || id.starts_with("DocumentRef-") {
        return None;
    }
    let lists = lists();
    let bare = id.strip_suffix('+').unwrap_or(id);
    let key = bare.to_ascii_lowercase();
    if let Some(known) = lists.deprecated.get(&key) {
        return (*known == bare).then(|| SpdxProblem::Deprecated(id.to_owned()));
    }
    match lists.licences.get(&key) {
        Some(known) if *known == bare => None,
        known => Some(SpdxProblem::Unknown {
            id: id.to_owned(),
            same_letters: known.copied(),
        }),
    }
}

fn exception(id: &str) -> Option<SpdxProblem> {
    match lists().exceptions.get(&id.to_ascii_lowercase()) {
        Some(known) if *known == id => None,
        known => Some(SpdxProblem::Unknown {
            id: id.to_owned(),
            same_letters: known.copied(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
            "(MIT AND Zlib) OR LicenseRef-mine",
            "DocumentRef-README.md:LicenseRef-x",
        ] {
            assert_eq!(check(good), None, "{good}");
        }
        assert_eq!(
            check("ZLIB"),
            Some(SpdxProblem::Unknown {
                id: "ZLIB".to_owned(),
                same_letters: Some("Zlib")
            })
        );
        assert!(matches!(check("GPL-2.0"), Some(SpdxProblem::Deprecated(_))));
        assert!(matches!(check("MIT, Zlib"), Some(SpdxProblem::Form(_))));
        assert!(matches!(check("MIT Zlib"), Some(SpdxProblem::Form(_))));
        assert!(matches!(check(""), Some(SpdxProblem::Form(_))));
    }
}
