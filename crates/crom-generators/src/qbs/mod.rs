//! Files and command lines for Qbs.
//!
//! * [`runner`] - command lines of the `Qbs` build helper
//! * [`deps`] - a module per package and component, as JSON (QbsDeps)
//! * [`profile`] - `qbs_settings.txt`, a profile for `qbs config` (QbsProfile)

pub mod deps;
pub mod profile;
pub mod runner;

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use serde_json::json;

    use super::*;
    use crate::fixture::{consumer, linux};

    #[test]
    fn modules() {
        let files = deps::content(&consumer(&linux())).unwrap();
        assert_eq!(
            files.keys().collect::<Vec<_>>(),
            [
                "libb.json",
                "one.json",
                "three.json",
                "a-two.json",
                "lib-a.json"
            ]
        );
        insta::assert_snapshot!(files["libb.json"]);
        insta::assert_snapshot!(files["a-two.json"]);
    }

    #[test]
    fn settings() {
        let consumer = consumer(&linux());
        let wanted = profile::compilers(&consumer, &IndexMap::new()).unwrap();
        assert_eq!(wanted["cpp"], "g++");
        let mut input = profile::QbsProfile {
            consumer,
            extra_sharedlinkflags: vec!["-Wl,-a,-b".into(), "-c".into()],
            ..profile::QbsProfile::default()
        };
        assert!(input.content().is_err());
        input.found = wanted
            .into_iter()
            .map(|(language, program)| (language, format!("/usr/bin/{program}")))
            .collect();
        insta::assert_snapshot!(input.render("p", "d").unwrap());
    }

    #[test]
    fn commands() {
        let mut qbs = runner::Qbs {
            consumer: consumer(&linux()),
            project_file: "/w/src/p.qbs".into(),
            parallel: true,
            ..runner::Qbs::default()
        };
        let properties = IndexMap::from([
            ("x".to_owned(), json!(["1"])),
            ("y".to_owned(), json!(true)),
        ]);
        qbs.configurations.insert("c".into(), properties);
        assert_eq!(
            qbs.resolve(),
            "qbs resolve --build-directory /w/build --file /w/src/p.qbs --jobs 2 config:c \
             'x:['\"'\"'1'\"'\"']' y:true"
        );
        qbs.products = vec!["a".into(), "b".into()];
        assert_eq!(
            qbs.build(),
            "qbs build --build-directory /w/build --file /w/src/p.qbs --no-install --products a,b \
             --jobs 2 config:c"
        );
        assert_eq!(
            qbs.install(),
            "qbs install --build-directory /w/build --file /w/src/p.qbs --no-build --install-root \
             /w/package config:c"
        );
    }
}
