//! Files and command lines for Bazel.
//!
//! * [`bazel`] - command lines of the `Bazel` build helper
//! * [`deps`] - a repository per package (BazelDeps)
//! * [`toolchain`] - `conan_bzl.rc` (BazelToolchain)

pub mod bazel;
pub mod deps;
pub mod toolchain;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{consumer, linux, listing};

    #[test]
    fn repositories() {
        let mut deps = deps::BazelDeps {
            consumer: consumer(&linux()),
            build_context_activated: vec!["tool".into()],
            ..deps::BazelDeps::default()
        };
        assert!(
            deps.render()
                .unwrap_err()
                .to_string()
                .contains("'location' for library 'b'")
        );
        let files = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        deps.listing
            .insert("/pkg/libb/lib".into(), files(&["libb.so"]));
        deps.listing.insert(
            "/pkg/liba/lib".into(),
            files(&["liba.a", "liba2.a", "libacomp.a"]),
        );
        let result = deps.render().unwrap();
        let shown: Vec<_> = result
            .files
            .into_iter()
            .filter(|it| !it.path.ends_with("rules_cc.bazel"))
            .collect();
        insta::assert_snapshot!(listing(&shown));
    }

    #[test]
    fn options() {
        let consumer = consumer(&linux());
        let mut toolchain = toolchain::new_toolchain(&consumer).unwrap();
        toolchain.linkopt.push("-l".into());
        let template = "{{ cxxopt }}|{{ linkopt }}|{{ force_pic }}|{{ dynamic_mode }}|{{ cpu }}";
        assert_eq!(
            toolchain.render(&consumer, template).unwrap(),
            "--cxxopt=-std=c++17|--linkopt=-l|True|off|None"
        );
    }

    #[test]
    fn commands() {
        let mut bazel = bazel::Bazel {
            consumer: consumer(&linux()),
            has_rc: true,
            clean: true,
            ..bazel::Bazel::default()
        };
        assert_eq!(
            bazel.build().unwrap(),
            [
                "bazel --bazelrc=/w/build/gen/conan_bzl.rc clean",
                "bazel --bazelrc=/w/build/gen/conan_bzl.rc build --config=conan-config //..."
            ]
        );
        assert_eq!(bazel.test().unwrap(), None);
        bazel.target = Some("//t".into());
        bazel.has_rc = false;
        assert_eq!(bazel.test().unwrap().unwrap(), "bazel test //t");
    }
}
