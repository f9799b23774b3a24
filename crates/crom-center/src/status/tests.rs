use pretty_assertions::assert_eq;

use super::*;
use crate::sync::NewVersions;

fn binary(place: Place, profile: &str) -> BinaryStatus {
    BinaryStatus {
        package_id: String::from("0123456789abcdef"),
        context: String::from("host"),
        profiles: BTreeSet::from([profile.to_owned()]),
        place,
        cached: Some(String::from("c")),
        in_test: None,
        in_production: None,
        options: vec![String::from("shared=False")],
        settings: Vec::new(),
        size: Some(1_500),
        build: Some(Run {
            ended: String::from("2026-01-01T00:00:00Z"),
            seconds: 2.5,
            failure: None,
        }),
        test: None,
        log: Some(String::from("<done>")),
    }
}

fn example() -> Status {
    Status {
        fork: Checkout::default(),
        made: String::from("2026-01-02T00:00:00Z"),
        remotes: Vec::new(),
        profiles: vec![String::from("gcc"), String::from("clang")],
        combinations: Vec::new(),
        packages: vec![PackageStatus {
            reference: String::from("zlib/1.3"),
            revision: String::from("abc"),
            license: vec![String::from("Zlib")],
            newer: vec![String::from("1.4")],
            binaries: vec![
                binary(Place::Production, "gcc"),
                binary(Place::Failed, "clang"),
            ],
        }],
        verified: None,
        upstream: Some(UpstreamNews {
            commits: 3,
            new_versions: vec![NewVersions {
                name: String::from("zlib"),
                new: vec![String::from("1.4")],
            }],
        }),
    }
}

#[test]
fn the_page_has_a_column_for_each_profile_and_loads_nothing() {
    let page = example().to_html();
    assert!(page.contains("<th>gcc<th>clang<th>Upstream has"), "{page}");
    assert!(page.contains("<span class=production>production</span>"));
    assert!(page.contains("<pre>&lt;done&gt;</pre>"));
    for loaded in ["src=", "href=", "http://", "https://", "@import"] {
        assert!(!page.contains(loaded), "{loaded}");
    }
}

#[test]
fn the_text_counts() {
    let text = example().to_string();
    assert_eq!(
        text,
        "zlib/1.3#abc  (upstream has 1.4)\n  0123456789abcdef production [gcc] 2.5 s 1.5 kB\n  \
         0123456789abcdef failed     [clang] 2.5 s 1.5 kB\n1 production, 0 test, 0 built, 0 missing, 1 \
         failed, 0 invalid\nUpstream is 3 commits ahead\n"
    );
}
