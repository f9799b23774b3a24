use std::collections::HashMap;

use super::*;

/// `function arguments => value: case; case; ...`, made by calling the reference over a grid of
/// settings. A case is `setting=value setting=value ...` or an architecture.
const TABLE: &str = include_str!("../../tests/data/flags.txt");

fn text(value: Option<String>) -> String {
    value.unwrap_or_else(|| "None".to_owned())
}

fn of_settings(function: &str, case: &str) -> String {
    let settings: HashMap<&str, &str> = case
        .split(' ')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let get = |name: &str| settings.get(name).map(|value| (*value).to_owned());
    let input = FlagInput::new(&get).executables(
        settings.get("exe.c").copied(),
        settings.get("exe.cpp").copied(),
    );
    match function {
        "arch" => architecture_flag(&input),
        "arch_link" => architecture_link_flag(&input),
        "libcxx" => {
            let found = libcxx_flags(&input);
            format!("{},{}", text(found.flag), text(found.define))
        }
        "stdcpp" => text(stdcpp_library(&input)),
        "build_type" => build_type_flags(&input).join(","),
        "build_type_link" => build_type_link_flags(&input).join(","),
        "threads" => threads_flags(&input).join(","),
        "cppstd" => text(cppstd_flag(&input)),
        "cstd" => text(cstd_flag(&input)),
        "front" => text(input.llvm_clang_front().map(str::to_owned)),
        "runtime" => msvc::msvc_runtime_flag(&input),
        "min_version" => apple::apple_min_version_flag(&input),
        "swift" => text(apple::swift_target_triple(&input)),
        "sdk" => match apple::sdk_fullname(&input) {
            Ok(name) => text(name),
            Err(error) => format!("ERR {error}"),
        },
        other => panic!("unknown function {other}"),
    }
}

fn computed(key: &[&str], case: &str) -> String {
    match key {
        ["triplet", os, compiler] => {
            let compiler = (*compiler != "None").then_some(*compiler);
            gnu::gnu_triplet(os, case, compiler).map_or_else(
                |_| "ERR".to_owned(),
                |it| format!("{}|{}", it.machine, it.system),
            )
        }
        ["meson", os] => {
            let it = meson::meson_machine(os, case);
            [it.system, it.cpu_family, it.cpu, it.endian].join("|")
        }
        ["bits"] => text(architecture_bits(case).map(|bits| bits.to_string())),
        ["apple_arch"] => text(apple::to_apple_arch(case).map(str::to_owned)),
        ["platform"] => text(msvc::platform(case).map(str::to_owned)),
        [function] => of_settings(function, case),
        other => panic!("unknown key {other:?}"),
    }
}

#[test]
fn all_tables_equal_the_reference() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in TABLE.lines() {
        let (key, rest) = line.split_once(" => ").unwrap();
        let (expected, cases) = rest.rsplit_once(": ").unwrap();
        let key: Vec<&str> = key.split(' ').collect();
        for case in cases.split("; ") {
            count += 1;
            let found = computed(&key, case);
            if found != expected {
                wrong.push(format!("{key:?} {case}: {found} != {expected}"));
            }
        }
    }
    assert!(count > 3000, "{count}");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn disabled_kinds_give_nothing() {
    let get = |name: &str| match name {
        "compiler" => Some("gcc".to_owned()),
        "compiler.version" => Some("12".to_owned()),
        "compiler.cppstd" => Some("17".to_owned()),
        "compiler.libcxx" => Some("libstdc++11".to_owned()),
        "arch" => Some("x86_64".to_owned()),
        _ => None,
    };
    let off = ["arch".to_owned(), "cppstd".to_owned()];
    let input = FlagInput::new(&get).define_libcxx11_abi(true);
    assert_eq!(architecture_flag(&input), "-m64");
    assert_eq!(
        libcxx_flags(&input).define.as_deref(),
        Some("_GLIBCXX_USE_CXX11_ABI=1")
    );
    let input = input.disabled(&off);
    assert_eq!(architecture_flag(&input), "");
    assert_eq!(cppstd_flag(&input).as_deref(), Some(""));
    assert_eq!(check_disable_flags(&off), Ok(()));
    assert_eq!(
        check_disable_flags(&["architecture".to_owned()]).unwrap_err(),
        "tools.gnu:disable_flags value 'architecture', must be one of: ['arch', 'arch_link', \
         'libcxx', 'build_type', 'build_type_link', 'threads', 'cppstd', 'cstd']"
    );
}

#[test]
fn names_for_meson() {
    for (compiler, version, std, expected) in [
        ("gcc", "12", "gnu17", Some("gnu++17")),
        ("gcc", "12", "20", Some("c++20")),
        ("msvc", "193", "17", Some("vc++17")),
        ("msvc", "191", "20", Some("vc++latest")),
        ("msvc", "193", "gnu17", None),
    ] {
        assert_eq!(meson::cpp_std(compiler, version, std).as_deref(), expected);
    }
    assert_eq!(
        (meson::c_std("17"), meson::c_std("gnu11")),
        ("c17".into(), "gnu11".into())
    );
    assert_eq!(
        meson::apple_subsystem(Some("iphonesimulator")),
        "ios-simulator"
    );
    assert_eq!(meson::apple_subsystem(Some("xros")), "macos");
}

#[test]
fn toolsets() {
    for (version, toolset, ide) in [
        ("170", "v110", "11"),
        ("180", "v120", "12"),
        ("190", "v140", "14"),
        ("191", "v141", "15"),
        ("192", "v142", "16"),
        ("193", "v143", "17"),
        ("194", "v143", "17"),
        ("195", "v145", "18"),
    ] {
        assert_eq!(msvc::toolset(version), Some(toolset));
        assert_eq!(msvc::vs_ide_version(version), Some(ide));
    }
    assert_eq!(msvc::toolset("160"), None);
}
