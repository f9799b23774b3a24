use crom_model::reporter::Silent;

use super::*;

struct Setup {
    folder: tempfile::TempDir,
    home: Home,
    cwd: PathBuf,
    variables: Arc<Variables>,
}

impl Setup {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            crom_fs::create_dir_all(path.parent().unwrap()).unwrap();
            crom_fs::write(path, text).unwrap();
        }
        let cwd = folder.path().join("cwd");
        crom_fs::create_dir_all(&cwd).unwrap();
        let home = Home::at(folder.path().join("home"));
        Self {
            folder,
            home,
            cwd,
            variables: Arc::default(),
        }
    }

    fn load_with(&self, args: &ContextArgs, plugin: &mut ProfilePlugin<'_>) -> Result<Profile> {
        let conf = crate::config::load_global_conf(&self.home, &self.variables, &[], &Silent)?;
        let definition = crate::config::load_settings(&self.home)?;
        Profiles::new(
            &self.home,
            &self.variables,
            &self.cwd,
            &conf,
            &definition,
            &Silent,
        )
        .load(Context::Host, args, plugin)
    }

    fn load(&self, names: &[&str], settings: &[&str]) -> Result<Profile> {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let mut args = ContextArgs {
            profiles: texts(names),
            ..ContextArgs::default()
        };
        args.values.settings = texts(settings);
        self.load_with(&args, &mut |_, _| panic!("the plugin isn't edited"))
    }

    fn settings(&self, names: &[&str], settings: &[&str]) -> String {
        match self.load(names, settings) {
            Ok(profile) => {
                let processed = profile.processed_settings.unwrap();
                processed.dumps().replace('\n', " ")
            }
            Err(error) => {
                let text = error.to_string();
                text.replace(&self.folder.path().display().to_string(), "<ROOT>")
            }
        }
    }
}

#[test]
fn names_of_the_home_win_over_files_of_the_folder() {
    let setup = Setup::new(&[
        ("home/profiles/pp", "[settings]\nos=Linux\narch=x86\n"),
        ("cwd/pp", "[settings]\nos=Linux\narch=armv7\n"),
        ("cwd/sub/pp", "[settings]\nos=Windows"),
        ("cwd/sub/q", "include(pp)\n[settings]\nbuild_type=Debug\n"),
        ("cwd/sub/r", "include(./pp)\n{% include \"kk\" %}\n"),
        ("home/profiles/kk", "[settings]\narch=x86\n"),
        ("cwd/q2", "include(sub/pp)\n"),
        ("home/profiles/q4", "include(q3)\n"),
        ("cwd/q3", "[settings]\narch=x86_64\n"),
    ]);
    // As the reference finds them.
    let cases: [(&str, &str); 8] = [
        ("pp", "arch=x86 os=Linux"),
        ("./pp", "arch=armv7 os=Linux"),
        ("sub/q", "arch=x86 build_type=Debug os=Linux"),
        ("sub/r", "arch=x86 os=Windows"),
        ("./q2", "os=Windows"),
        ("q4", "Error reading 'q4' profile: Profile not found: q3"),
        ("nope", "Profile not found: nope"),
        ("/nope/x", "Profile not found: /nope/x"),
    ];
    for (name, expected) in cases {
        assert_eq!(setup.settings(&[name], &[]), expected, "{name}");
    }
}

#[test]
fn the_default_profile() {
    let setup = Setup::new(&[("home/profiles/ci/linux", "[settings]\nos=Linux\n")]);
    assert_eq!(
        setup.settings(&[], &[]),
        "The default host profile '<ROOT>/home/profiles/default' doesn't exist.\n\
         You need to create a default profile (type 'conan profile detect' command)\n\
         or specify your own profile with '--profile:host=<myprofile>'"
    );
    crom_fs::write(
        setup.home.global_conf_file(),
        "core:default_profile=ci/linux\n",
    )
    .unwrap();
    assert_eq!(setup.settings(&[], &[]), "os=Linux");
    crom_fs::write(
        setup.home.profiles_folder().join("other"),
        "[settings]\nos=Macos\n",
    )
    .unwrap();
    let mut setup = setup;
    setup.variables = Arc::new(
        [("CONAN_DEFAULT_PROFILE", "other")]
            .into_iter()
            .collect::<Variables>(),
    );
    assert_eq!(setup.settings(&[], &[]), "os=Macos");
}

#[test]
fn templates_and_their_errors() {
    let setup = Setup::new(&[
        (
            "home/profiles/api",
            "{% set os_name = \"Linux\" %}\n[settings]\nos={{os_name}}\n[conf]\n\
             user.a:b={{profile_name}} {{root_profile_name}} {{context}} {{conan_version}} {{detect_api.detect_os()}}\n\
             user.a:dir={{profile_dir}}\n",
        ),
        ("home/profiles/bad", "[settings]\nos={{ foo(1) }}\n"),
    ]);
    let profile = setup.load(&["api"], &[]).unwrap();
    let conf = profile.conf.global();
    let os = crate::detect::detect_os(&setup.variables).unwrap();
    assert_eq!(
        conf.get_str("user.a:b").unwrap().unwrap(),
        format!("api api host 2.34.0 {os}")
    );
    let folder = crom_fs::tree::slashed(&setup.home.profiles_folder());
    assert_eq!(conf.get_str("user.a:dir").unwrap().unwrap(), folder);
    let text = setup.settings(&["bad"], &[]);
    assert!(text.contains("Error while rendering the profile template file '<ROOT>/home/profiles/bad'. Check your Jinja2 syntax:"), "{text}");
    assert!(text.contains("bad:2: 'foo' is undefined"), "{text}");
}

#[test]
fn the_default_plugin_completes_and_checks() {
    let gcc5 =
        "[settings]\nos=Linux\ncompiler=gcc\ncompiler.version=5\ncompiler.libcxx=libstdc++\n";
    let setup = Setup::new(&[
        (
            "home/profiles/msvc",
            "[settings]\nos=Windows\ncompiler=msvc\ncompiler.version=193\ncompiler.runtime=dynamic\n",
        ),
        ("home/profiles/gcc5", gcc5),
    ]);
    let msvc = "compiler=msvc compiler.runtime=dynamic compiler.runtime_type=KIND compiler.version=193 os=Windows";
    assert_eq!(
        setup.settings(&["msvc"], &[]),
        msvc.replace("KIND", "Release")
    );
    let debug = format!("build_type=Debug {}", msvc.replace("KIND", "Debug"));
    assert_eq!(setup.settings(&["msvc"], &["build_type=Debug"]), debug);
    let text = setup.settings(&["gcc5"], &["compiler.cppstd=20"]);
    assert!(
        text.starts_with("Error while processing 'profile.py' plugin"),
        "{text}"
    );
    assert!(
        text.ends_with("The provided compiler.cppstd=20 is not supported by gcc 5. Supported values are: ['98', 'gnu98', '11', 'gnu11', '14', 'gnu14', '17', 'gnu17']"),
        "{text}"
    );
    let text = setup.settings(&["gcc5"], &["compiler.cstd=23"]);
    assert!(
        text.ends_with("Supported values are: ['99', 'gnu99', '11', 'gnu11']"),
        "{text}"
    );
}

#[test]
fn an_edited_plugin_is_given_to_the_caller() {
    let setup = Setup::new(&[
        ("home/profiles/p", "[settings]\nos=Linux\n"),
        (
            "home/extensions/plugins/profile.py",
            "def profile_plugin(profile): pass\n",
        ),
    ]);
    let args = ContextArgs {
        profiles: vec!["p".to_owned()],
        ..ContextArgs::default()
    };
    let mut seen = None;
    let profile = setup.load_with(&args, &mut |path, profile: &mut Profile| {
        seen = Some(path.to_path_buf());
        profile.settings.insert("arch".to_owned(), "x86".to_owned());
        Ok(())
    });
    assert_eq!(
        profile.unwrap().processed_settings.unwrap().dumps(),
        "arch=x86\nos=Linux"
    );
    assert_eq!(seen, Some(setup.home.profile_plugin_file()));
    let generated =
        "# This file was generated by Conan. Remove this comment if you edit this file or Conan\n";
    crom_fs::write(setup.home.profile_plugin_file(), generated).unwrap();
    assert_eq!(setup.settings(&["p"], &[]), "os=Linux");
}

#[test]
fn global_confs_are_below_those_of_the_profile() {
    let setup = Setup::new(&[
        (
            "home/global.conf",
            "tools.build:jobs=1\nuser.a:b=1\ncore:non_interactive=True\n",
        ),
        (
            "home/profiles/p",
            "[settings]\nos=Linux\n[conf]\ntools.build:jobs=3\n",
        ),
        ("home/profiles/bad", "[conf]\ntools.nope:x=1\n"),
    ]);
    let conf = setup.load(&["p"], &[]).unwrap().conf.global();
    assert_eq!(conf.get_int("tools.build:jobs").unwrap(), Some(3));
    assert_eq!(conf.get_int("user.a:b").unwrap(), Some(1));
    let text = setup.settings(&["bad"], &[]);
    assert!(
        text.contains("[conf] 'tools.nope:x' does not exist in configuration list.")
            && text.ends_with("bad:2)"),
        "{text}"
    );
}

#[test]
fn list_and_detected() {
    let setup = Setup::new(&[
        ("home/profiles/sub/a", ""),
        ("home/profiles/z", ""),
        ("home/profiles/.git", ""),
    ]);
    let conf = ConfDefinition::default();
    let definition = crate::config::load_settings(&setup.home).unwrap();
    let profiles = Profiles::new(
        &setup.home,
        &setup.variables,
        &setup.cwd,
        &conf,
        &definition,
        &Silent,
    );
    assert_eq!(profiles.list().unwrap(), ["sub/a", "z"]);
    let settings = vec![("os".to_owned(), "Linux".to_owned())];
    let path = save_detected_profile(&setup.home, "default", &settings, false).unwrap();
    assert_eq!(crom_fs::read_text(&path).unwrap(), "[settings]\nos=Linux\n");
    assert!(save_detected_profile(&setup.home, "default", &settings, false).is_err());
    save_detected_profile(&setup.home, "default", &settings, true).unwrap();
    assert_eq!(setup.settings(&[], &[]), "os=Linux");
}
