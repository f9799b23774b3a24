use crom_generators::cmake::build_helper::{self, Arguments, Call, Helper};
use serde_json::{Value, json};

use super::{LINUX, consumer};

fn call(generator: &str, confs: Value, arguments: Arguments) -> Call {
    let mut consumer = consumer(LINUX, confs);
    consumer.folders.package = "/w/package".into();
    let presets = json!({"configurePresets": [{
        "generator": generator,
        "toolchainFile": "generators/conan_toolchain.cmake",
        "cacheVariables": {"CMAKE_BUILD_TYPE": "Release", "N": 3},
    }]});
    let helper: Helper =
        build_helper::helper(&consumer, "CMakePresets.json", Some(&presets.to_string()))
            .expect("presets");
    Call {
        consumer,
        helper,
        arguments,
    }
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn configure() {
    let arguments = Arguments {
        variables: [
            ("A".to_owned(), json!("b c")),
            ("T".to_owned(), json!(true)),
        ]
        .into(),
        build_script_folder: Some("sub".into()),
        cli_args: texts(&["-Wdev"]),
        subfolder: Some("sf".into()),
        ..Arguments::default()
    };
    let confs = json!({"tools.cmake:configure_args": ["--ca"], "tools.build:verbosity": "quiet"});
    let command = build_helper::configure(&call("Ninja", confs, arguments)).expect("a command");
    assert_eq!(
        command.command,
        "cmake -G \"Ninja\" -DCMAKE_TOOLCHAIN_FILE=\"../generators/conan_toolchain.cmake\" \
         -DCMAKE_INSTALL_PREFIX=\"/w/package\" -DCMAKE_BUILD_TYPE=\"Release\" -DN=\"3\" \
         -DA=\"b c\" -DT=\"True\" \"/w/sub\" --ca --loglevel=ERROR -Wdev"
    );
    assert_eq!(command.folder, "/w/build/sf");
}

#[test]
fn build() {
    let arguments = Arguments {
        targets: texts(&["a", "b"]),
        cli_args: texts(&["--v"]),
        build_tool_args: texts(&["-k", "0"]),
        ..Arguments::default()
    };
    let with = |generator: &str, confs: Value, arguments: &Arguments| {
        build_helper::build(&call(generator, confs, arguments.clone())).expect("a command")
    };
    assert_eq!(
        with(
            "Ninja",
            json!({"tools.compilation:verbosity": "verbose"}),
            &arguments
        )
        .command,
        "cmake --build \"/w/build\" --target a b --v --verbose -- -j4 -k 0"
    );
    let none = Arguments::default();
    let cases = [
        (
            "Unix Makefiles",
            json!({}),
            "cmake --build \"/w/build\" -- -j4",
        ),
        (
            "NMake Makefiles JOM",
            json!({}),
            "cmake --build \"/w/build\"",
        ),
        (
            "Xcode",
            json!({}),
            "cmake --build \"/w/build\" --config Release",
        ),
        (
            "Visual Studio 17 2022",
            json!({"tools.microsoft.msbuild:max_cpu_count": 3, "tools.build:verbosity": "verbose"}),
            "cmake --build \"/w/build\" --config Release -- /m:3 -verbosity:Detailed",
        ),
    ];
    for (generator, confs, expected) in cases {
        assert_eq!(with(generator, confs, &none).command, expected);
    }
    let debug = Arguments {
        build_type: Some("Debug".into()),
        ..Arguments::default()
    };
    let single = with("Ninja", json!({}), &debug);
    assert_eq!(
        single.messages[0].text,
        "Don't specify 'build_type' at build time for single-config build systems"
    );
}

#[test]
fn install() {
    let arguments = Arguments {
        component: Some("cc".into()),
        cli_args: texts(&["--prefix=/x"]),
        ..Arguments::default()
    };
    for confs in [
        json!({"tools.cmake:install_strip": true}),
        json!({"tools.build:install_strip": ["cmake"]}),
    ] {
        let command =
            build_helper::install(&call("Ninja", confs, arguments.clone())).expect("a command");
        assert_eq!(
            command.command,
            "cmake --install \"/w/build\" --prefix \"/w/package\" --component cc --strip --prefix=/x"
        );
    }
}

#[test]
fn tests() {
    for (generator, target) in [
        ("Ninja", "test"),
        ("Ninja Multi-Config", "test"),
        ("Xcode", "RUN_TESTS"),
    ] {
        let command = build_helper::test(&call(generator, json!({}), Arguments::default()))
            .expect("a command");
        assert!(
            command.command.contains(&format!("--target {target}")),
            "{}",
            command.command
        );
    }
    let arguments = Arguments {
        cli_args: texts(&["-V"]),
        ..Arguments::default()
    };
    let confs = json!({"tools.cmake:ctest_args": ["--ct"], "tools.build:verbosity": "quiet"});
    let command =
        build_helper::ctest(&call("Ninja Multi-Config", confs, arguments)).expect("a command");
    assert_eq!(
        command.command,
        "ctest --build-config Release --parallel 4 -V --quiet --ct"
    );
    let skipped = build_helper::test(&call(
        "Ninja",
        json!({"tools.build:skip_test": true}),
        Arguments::default(),
    ));
    assert_eq!(skipped.expect("a command").command, "");
}

#[test]
fn presets_must_be_there() {
    let error = build_helper::helper(&consumer(LINUX, json!({})), "p", None)
        .expect_err("no file")
        .to_string();
    assert!(error.starts_with("CMakePresets.json was not found in /w/build/generators folder. Check that you are using CMakeToolchain as generator to ensure its correct initialization."), "{error}");
}
