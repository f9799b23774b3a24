//! All that `create` says; the recorded text is the reference's.

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
        insta::assert_snapshot!(created.stderr.trim_start(), @r#"
        ======== Exporting recipe to the cache ========
        headers/2.1 export
        Exporting package recipe: <WORK>/headers/conanfile.py
        Copied 1 '.py' file: conanfile.py
        Copied 1 '.h' file: headers.h
        Exported to cache folder: <HOME>/p/heade<HASH>/e
        Exported: headers/2.1#<REVISION> (<DATE>)

        ======== Input profiles ========
        Profile host:
        [settings]
        arch=x86_64
        build_type=Release
        compiler=gcc
        compiler.cppstd=gnu17
        compiler.libcxx=libstdc++11
        compiler.version=12
        os=Linux

        Profile build:
        [settings]
        arch=x86_64
        build_type=Release
        compiler=gcc
        compiler.cppstd=gnu17
        compiler.libcxx=libstdc++11
        compiler.version=12
        os=Linux


        ======== Computing dependency graph ========
        Graph root
            cli
        Requirements
            headers/2.1#<REVISION> - Cache

        ======== Computing necessary packages ========
        headers/2.1: Forced build from source
        Requirements
            headers/2.1#<REVISION>:da39a3ee5e6b4b0d3255bfef95601890afd80709 - Build

        ======== Installing packages ========

        -------- Installing package headers/2.1 (1 of 1) --------
        Building from source headers/2.1:da39a3ee5e6b4b0d3255bfef95601890afd80709
        >>> Source step
        Getting sources for headers/2.1
        Sources in <HOME>/p/heade<HASH>/s
        >>> Generate step for headers/2.1
        Generators folder: <HOME>/p/b/heade<HASH>/b
        Generating aggregated env files
        Generated aggregated env files: ['conanbuild.sh', 'conanrun.sh']
        Building your package in <HOME>/p/b/heade<HASH>/b
        >>> Build step for headers/2.1
        headers/2.1: Package 'da39a3ee5e6b4b0d3255bfef95601890afd80709' built
        headers/2.1: Build folder <HOME>/p/b/heade<HASH>/b
        >>> Package step for headers/2.1:da39a3ee5e6b4b0d3255bfef95601890afd80709
        Packaging in folder <HOME>/p/b/heade<HASH>/p
        Calling package()
        package(): Packaged 1 '.h' file: headers.h
        Created package revision <REVISION>
        Package 'da39a3ee5e6b4b0d3255bfef95601890afd80709' created
        Full package reference: headers/2.1#<REVISION>:da39a3ee5e6b4b0d3255bfef95601890afd80709#<REVISION>
        Package folder <HOME>/p/b/heade<HASH>/p
        "#);
    });
}
