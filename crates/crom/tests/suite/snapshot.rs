//! All that `create` says.

use crate::home::Scratch;
use crate::recipes::{HEADER, HEADERS};

#[test]
fn create_of_a_header_only_library() {
    let scratch = Scratch::new();
    scratch.write("headers/conanfile.py", HEADERS);
    scratch.write("headers/include/headers.h", HEADER);
    let created = scratch.crom("create headers").success();
    assert_eq!(created.stdout, "");
    insta::with_settings!({filters => vec![
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "<DATE>"),
        (r"p/b/heade[0-9a-f]{13}", "p/b/heade<HASH>"),
        (r"p/heade[0-9a-f]{13}", "p/heade<HASH>"),
        (r"\b[0-9a-f]{32}\b", "<REVISION>"),
    ]}, {
        insta::assert_snapshot!(created.stderr, @"");
    });
}
