use std::collections::HashMap;

use pretty_assertions::assert_eq;

use super::*;

const ALL: &str = r#"
[settings]
os=Linux
compiler=gcc
compiler.version=12
arch=x86_64
zlib/*:compiler=clang
zlib/*:compiler.version=15
&:build_type=Debug
[options]
*:shared=True
zlib/*:fPIC=False
foo/1.0:bar=1
&:x=y
[tool_requires]
cmake/3.25.2
zlib/*: ninja/1.11, meson/1.0@u/c
!b/*: x/1.0
ninja/[>=1.0]
[buildenv]
A=1
P+=(path)/x
pkg/*:B=!
[runenv]
R=1
[conf]
tools.build:jobs=4
user.x:y=['a', {'b': 1}]
pkg/*:user.x:z=!
user.a:imp!=3
[replace_requires]
zlib/*: zlibng/*
a/1.0: b/[>1]
[replace_tool_requires]
cmake/*: cmake/3.25.2
[platform_requires]
zlib/1.3.1
[platform_tool_requires]
cmake/3.24.2
x/1
[runner]
type=docker
"#;

/// A loader over texts by name.
fn load(name: &str, files: &[(&str, &str)]) -> Result<Profile, ProfileError> {
    from_args(&[name], &ProfileArgs::default(), files)
}

fn from_args(
    names: &[&str],
    args: &ProfileArgs,
    files: &[(&str, &str)],
) -> Result<Profile, ProfileError> {
    let files: HashMap<&str, &str> = files.iter().copied().collect();
    let mut loader = |name: &str, _includer: Option<&str>| match files.get(name) {
        Some(text) => Ok(ProfileSource {
            path: name.to_owned(),
            text: (*text).to_owned(),
        }),
        None => Err(ProfileError::NotFound(name.to_owned())),
    };
    let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
    Profile::from_args(&names, args, &mut loader)
}

fn args(settings: &[&str], options: &[&str], conf: &[&str]) -> ProfileArgs {
    let own = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
    ProfileArgs {
        settings: own(settings),
        options: own(options),
        conf: own(conf),
    }
}

#[test]
fn dumps_as_profile_show() {
    assert_eq!(
        load("p", &[("p", ALL)]).unwrap().dumps(),
        "[settings]
arch=x86_64
compiler=gcc
compiler.version=12
os=Linux
zlib/*:compiler=clang
zlib/*:compiler.version=15
&:build_type=Debug
[options]
&:x=y
*:shared=True
foo/1.0:bar=1
zlib/*:fPIC=False
[tool_requires]
*: cmake/3.25.2, ninja/[>=1.0]
zlib/*: ninja/1.11, meson/1.0@u/c
!b/*: x/1.0
[platform_tool_requires]
cmake/3.24.2
x/1
[platform_requires]
zlib/1.3.1
[replace_requires]
zlib/*: zlibng/*
a/1.0: b/[>1]
[replace_tool_requires]
cmake/*: cmake/3.25.2
[conf]
tools.build:jobs=4
user.a:imp!=3
user.x:y=['a', {'b': 1}]
pkg/*:user.x:z=!
[buildenv]
A=1
P+=(path)/x
pkg/*:B=!
[runenv]
R=1
"
    );
    assert_eq!(Profile::default().dumps(), "[settings]\n");
}

#[test]
fn serializes_as_profile_show() {
    let json = serde_json::to_string(&load("p", &[("p", ALL)]).unwrap().serialize()).unwrap();
    assert_eq!(
        json,
        concat!(
            r#"{"settings":{"os":"Linux","compiler":"gcc","compiler.version":"12","arch":"x86_64"},"#,
            r#""package_settings":{"zlib/*":{"compiler":"clang","compiler.version":"15"},"#,
            r#""&":{"build_type":"Debug"}},"options":{"&:x":"y","*:shared":"True","#,
            r#""foo/1.0:bar":"1","zlib/*:fPIC":"False"},"tool_requires":{"*":["cmake/3.25.2","#,
            r#""ninja/[>=1.0]"],"zlib/*":["ninja/1.11","meson/1.0@u/c"],"!b/*":["x/1.0"]},"#,
            r#""conf":{"user.a:imp!":3,"user.x:y":["a",{"b":1}],"tools.build:jobs":4,"#,
            r#""pkg/*:user.x:z":"!"},"build_env":"A=1\nP+=(path)/x\npkg/*:B=!\n","#,
            r#""replace_requires":{"zlib/*":"zlibng/*","a/1.0":"b/[>1]"},"#,
            r#""replace_tool_requires":{"cmake/*":"cmake/3.25.2"},"#,
            r#""platform_tool_requires":["cmake/3.24.2","x/1"],"platform_requires":["zlib/1.3.1"]}"#,
        )
    );
    let simple = Profile::loads("[settings]\nos=Linux\ncompiler.cppstd=~")
        .unwrap()
        .serialize();
    assert_eq!(
        simple.to_string(),
        r#"{"settings":{"os":"Linux","compiler.cppstd":null},"package_settings":{},"options":{},"tool_requires":{},"conf":{},"build_env":""}"#
    );
}

#[test]
fn the_command_line_is_on_top() {
    let arguments = args(
        &[
            "os=Windows",
            "compiler=msvc",
            "zlib/*:compiler.version=16",
            "foo/*:os=Q",
        ],
        &["*:shared=False", "zlib/*:q=1", "&:z=1"],
        &["tools.build:jobs=8", "user.x:y+=['z']"],
    );
    let profile = from_args(&["p"], &arguments, &[("p", ALL)]).unwrap();
    let text = profile.dumps();
    let (head, rest) = text.split_once("[tool_requires]").unwrap();
    assert_eq!(
        head,
        "[settings]
arch=x86_64
compiler=msvc
os=Windows
zlib/*:compiler=clang
zlib/*:compiler.version=16
&:build_type=Debug
foo/*:os=Q
[options]
&:x=y
&:z=1
*:shared=False
foo/1.0:bar=1
zlib/*:fPIC=False
zlib/*:q=1
"
    );
    assert!(rest.contains("tools.build:jobs=8\n"));
    assert!(rest.contains("user.x:y=['a', {'b': 1}, 'z']\n"));
}

#[test]
fn settings_of_the_command_line() {
    let base = "[settings]\nos=Linux\ncompiler=gcc\ncompiler.version=12";
    for (given, expected) in [
        (&["compiler=clang"][..], "compiler=clang\nos=Linux\n"),
        (
            &["compiler=gcc"],
            "compiler=gcc\ncompiler.version=12\nos=Linux\n",
        ),
        (
            &["compiler.version=13", "compiler=clang"],
            "compiler=clang\ncompiler.version=13\nos=Linux\n",
        ),
        (
            &["a/*:x=1", "a/*:x.y=2", "a/*:x=3"],
            "compiler=gcc\ncompiler.version=12\nos=Linux\na/*:x=3\na/*:x.y=2\n",
        ),
    ] {
        let profile = from_args(&["p"], &args(given, &[], &[]), &[("p", base)]).unwrap();
        assert_eq!(
            profile.dumps(),
            format!("[settings]\n{expected}"),
            "{given:?}"
        );
    }
    let error = |arguments: ProfileArgs| {
        from_args(&["p"], &arguments, &[("p", base)])
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error(args(&["foo"], &[], &[])),
        "Invalid input 'foo', use 'name=value'"
    );
    assert_eq!(
        error(args(&[], &[], &["core.gzip:compresslevel"])),
        "[conf] 'core.*' configurations are not allowed in profiles."
    );
    assert!(error(args(&[], &[], &["foo"])).starts_with("Bad conf definition: foo"));
}

#[test]
fn includes_have_less_priority() {
    let files = [
        (
            "./sub/0",
            "[tool_requires]\none/1.0@lasote/stable\ntwo/1.2@lasote/stable\n",
        ),
        (
            "./sub/1",
            "# c\ninclude(./sub/0)\n[settings]\nos=Windows\n[options]\nz*:a=1\nz*:b=1\n",
        ),
        ("./2", "include(./sub/1)\n[settings]\nos=1\n"),
        ("./3", "[tool_requires]\none/1.5@lasote/stable\n"),
        ("./4", "include(./2)\ninclude(./3)\n[options]\nz*:b=12\n"),
    ];
    assert_eq!(
        load("./4", &files).unwrap().dumps(),
        "[settings]\nos=1\n[options]\nz*:a=1\nz*:b=12\n[tool_requires]\n\
         *: one/1.5@lasote/stable, two/1.2@lasote/stable\n"
    );
    let cycle = [("a", "include(b)"), ("b", "include(a)")];
    let mut error = &load("a", &cycle).unwrap_err();
    while let ProfileError::Reading { source, .. } = error {
        error = source;
    }
    assert_eq!(*error, ProfileError::IncludeCycle);
    assert_eq!(
        load("a", &[("a", "include(b)"), ("b", "[bad]")])
            .unwrap_err()
            .to_string(),
        "Error reading 'a' profile: Error reading 'b' profile: ConfigParser: Unrecognized field \
         'bad' (b:1)"
    );
    assert_eq!(
        load("nope", &[]).unwrap_err().to_string(),
        "Profile not found: nope"
    );
}

#[test]
fn several_profiles() {
    let second = "
[tool_requires]
ninja/2@x/y
zlib/*: meson/2
new/*: a/1
[platform_requires]
zlib/2@u/c
foo/1
[replace_requires]
zlib/*: other/1
q/*: r/1
[options]
*:shared=False
*:n=1
[buildenv]
A+=2
[conf]
tools.build:jobs=9
";
    let files = [("p", ALL), ("q", second)];
    let profile = from_args(&["p", "q"], &ProfileArgs::default(), &files).unwrap();
    let text = profile.dumps();
    let expected = "[options]
&:x=y
*:n=1
*:shared=False
foo/1.0:bar=1
zlib/*:fPIC=False
[tool_requires]
*: cmake/3.25.2, ninja/2@x/y
zlib/*: ninja/1.11, meson/2
!b/*: x/1.0
new/*: a/1
[platform_tool_requires]
cmake/3.24.2
x/1
[platform_requires]
zlib/2@u/c
foo/1
[replace_requires]
zlib/*: other/1
a/1.0: b/[>1]
q/*: r/1
[replace_tool_requires]
cmake/*: cmake/3.25.2
[conf]
tools.build:jobs=9
user.a:imp!=3
user.x:y=['a', {'b': 1}]
pkg/*:user.x:z=!
[buildenv]
P+=(path)/x
A=1
A+=2
pkg/*:B=!
[runenv]
R=1
";
    assert_eq!(&text[text.find("[options]").unwrap()..], expected);
}

#[test]
fn one_text() {
    for (text, expected) in [
        ("[settings]\n[options]\n*:a=1", "[options]\n*:a=1\n"),
        ("   \n [settings] # x\n  os = a b \n\n# c\n", "os=a b\n"),
        (
            "[settings]\nos='Linux'\na=\"b\"\nc=\"d'",
            "a=b\nc=\"d'\nos=Linux\n",
        ),
        ("[settings]\nc=g\nc.v=1\nc=k", "c=k\nc.v=1\n"),
        ("[settings]\nz/* : os = x", "z/* :os=x\n"),
        (
            "[settings]\nc=~\nz/*:b=2\nz/*:a=~",
            "c=None\nz/*:a=None\nz/*:b=2\n",
        ),
        (
            "[tool_requires]\na/1\na/2\nb/*:c/1\nb/*: c/2",
            "[tool_requires]\n*: a/2\nb/*: c/2\n",
        ),
        (
            "[tool_requires]\n a/1 , b/2 \n&: e/1",
            "[tool_requires]\n*: a/1, b/2\n&: e/1\n",
        ),
        (
            "[platform_requires]\nfoo/1.0#r\n# c\n bar/1 ",
            "[platform_requires]\nfoo/1.0\nbar/1\n",
        ),
        (
            "[replace_requires]\nfoo/*: bar/*@\na/1 : b/2\nc/1@u/c:d/2\ne/1#r: f/1#r",
            "[replace_requires]\nfoo/*: bar/*\na/1: b/2\nc/1@u/c: d/2\ne/1: f/1\n",
        ),
    ] {
        assert_eq!(
            Profile::loads(text).unwrap().dumps(),
            format!("[settings]\n{expected}"),
            "{text}"
        );
    }
}

#[test]
fn bad_texts() {
    for (text, expected) in [
        ("[settings", "ConfigParser: Bad syntax '[settings'"),
        ("[SETTINGS]", "ConfigParser: Bad syntax '[SETTINGS]'"),
        ("[]", "ConfigParser: Bad syntax '[]'"),
        ("[invented]", "ConfigParser: Unrecognized field 'invented'"),
        (
            "[system_tools]",
            "ConfigParser: Unrecognized field 'system_tools'",
        ),
        (
            "[settings]\n[conf]\n[settings]",
            "ConfigParser: Duplicated section: [settings]",
        ),
        ("[settings]\nas", "Invalid setting line 'as'"),
        (
            "[settings]\ninclude(./q)",
            "Invalid setting line 'include(./q)'",
        ),
        ("\nA=1\n[settings]", "Error while parsing line 1: 'A=1'"),
        ("include(./p2", "Invalid include statement"),
        (
            "[conf]\ncore:x=1",
            "[conf] 'core:x' not allowed in profiles",
        ),
        ("[buildenv]\nfoo", "Bad env definition: foo"),
        (
            "[platform_requires]\nfoo/[>1]",
            "Profile [platform_requires]/[platform_tool_requires] must be exact versions, not \
             version ranges: [foo/[>1]]",
        ),
    ] {
        assert_eq!(
            Profile::loads(text).unwrap_err().to_string(),
            expected,
            "{text}"
        );
    }
    for text in [
        "[tool_requires]\nfoo",
        "[tool_requires]\na/1,",
        "[replace_requires]\nfoo",
        "[replace_requires]\nfoo/1: x",
        "[replace_requires]\na/1: b/2:pid",
        "[runner]\nfoo",
    ] {
        assert!(Profile::loads(text).is_err(), "{text}");
    }
}

#[test]
fn settings_of_a_package() {
    let base = "[settings]\nos=Linux\ncompiler=gcc\ncompiler.version=12\n";
    let package = RecipeReference::loads("p/1").unwrap();
    for (given, expected) in [
        (&["p/*:compiler=msvc"][..], Ok("compiler=msvc\nos=Linux")),
        (
            &["q/*:compiler=msvc"],
            Ok("compiler=gcc\ncompiler.version=12\nos=Linux"),
        ),
        (
            &["p/*:arch=x86"],
            Ok("arch=x86\ncompiler=gcc\ncompiler.version=12\nos=Linux"),
        ),
        (
            &["&:compiler.cppstd=~"],
            Ok("compiler=gcc\ncompiler.version=12\nos=Linux"),
        ),
        (
            &["!z*:os=Macos"],
            Ok("compiler=gcc\ncompiler.version=12\nos=Macos"),
        ),
        (
            &[
                "p/*:compiler.libcxx=libstdc++",
                "&:compiler=clang",
                "p/*:compiler=gcc",
            ],
            Ok("compiler=clang\nos=Linux"),
        ),
        (
            &["p/*:compiler.version=23", "p/*:compiler=clang"],
            Ok("compiler=clang\ncompiler.version=23\nos=Linux"),
        ),
        (
            &["p/*:nope=1"],
            Err("'settings.nope' doesn't exist for 'settings'"),
        ),
        (
            &["p/*:compiler.runtime=static"],
            Err("'settings.compiler.runtime' doesn't exist for 'gcc'"),
        ),
        (
            &["p/*:compiler=~"],
            Err("Invalid setting 'None' is not a valid 'settings.compiler' value."),
        ),
    ] {
        let mut profile = from_args(&["p"], &args(given, &[], &[]), &[("p", base)]).unwrap();
        profile
            .process_settings(&SettingsDefinition::builtin().unwrap())
            .unwrap();
        let settings = profile.settings_for(Some(&package), true);
        let found = settings.map(|it| it.dumps()).map_err(|it| it.to_string());
        let found = found.as_deref().map_err(|it| it.lines().next().unwrap());
        assert_eq!(found, expected, "{given:?}");
    }
    let mut profile = Profile::loads("[settings]\ncompiler.version=1\ncompiler=gcc").unwrap();
    let error = profile
        .process_settings(&SettingsDefinition::builtin().unwrap())
        .unwrap_err();
    assert_eq!(error.to_string(), "'settings.compiler' value not defined");
}
