use super::*;

fn values(values: &[&str]) -> Vec<String> {
    values.iter().map(|it| (*it).to_owned()).collect()
}

/// The cases of the reference's behaviour: operators, quotes, paths below the generators folder.
fn scripts() -> EnvScripts {
    let mut environment = Environment::new();
    environment.define("DEF", &values(&["va\"l$ue \\ back %PCT%"]), " ");
    environment.define("LIST", &values(&["a", "b"]), "@");
    environment.append("APP", &values(&["x"]), None);
    environment.append("APP2", &values(&["x", "y"]), Some(";"));
    environment.prepend("PRE", &values(&["x"]), None);
    environment.prepend("BOTH", &values(&["p"]), None);
    environment.append("BOTH", &values(&["q"]), None);
    environment.define("EMPTY", &values(&[""]), " ");
    environment.define("EMPTYL", &[], " ");
    environment.append("APPEMPTY", &[], None);
    environment.append_path("APATH", &values(&["/a b"]));
    environment.prepend_path("PPATH", &values(&["/a", "/b"]));
    environment.define_path("DPATH", &values(&["/x"]));
    environment.append_path("DPATH", &values(&["/w/gen/sub", "/w/other"]));
    environment.define("NONPATH", &values(&["/w/gen/sub"]), " ");
    environment.define("MULTI", &values(&["line1\nline2"]), " ");
    environment.unset("UNS");
    EnvScripts {
        environment,
        scope: Some("build".into()),
        paths: PathStyle {
            generators: "/w/gen".into(),
            base: "/w".into(),
        },
        ..EnvScripts::default()
    }
}

#[test]
fn posix_shell() {
    insta::assert_snapshot!(scripts().sh("t.sh"));
}

#[test]
fn posix_shell_with_function() {
    let scripts = EnvScripts {
        deactivation: Deactivation::Function,
        ..scripts()
    };
    insta::assert_snapshot!(scripts.sh("my-script.sh"));
}

#[test]
fn batch() {
    insta::assert_snapshot!(scripts().bat("t.bat"));
}

#[test]
fn powershell() {
    insta::assert_snapshot!(scripts().ps1("t.ps1"));
}

#[test]
fn windows_separator_and_subsystem_paths() {
    let mut environment = Environment::new();
    environment.define_path("MyPath", &values(&["c:/path/to/something"]));
    environment.append("MyPath", &values(&["D:/Otherpath"]), None);
    let on = |subsystem| EnvScripts {
        environment: environment.clone(),
        subsystem,
        ..EnvScripts::default()
    };
    assert!(
        on(Subsystem::Msys2)
            .sh("a.sh")
            .contains("MyPath=\"/c/path/to/something:/d/Otherpath\"")
    );
    assert!(
        on(Subsystem::Windows)
            .bat("a.bat")
            .contains("MyPath=c:/path/to/something;D:/Otherpath")
    );
}

#[test]
fn forms_of_save_script() {
    let paths = |scripts: &EnvScripts, save: &SaveScript| -> Vec<String> {
        scripts
            .save_script(save)
            .into_iter()
            .map(|it| it.path)
            .collect()
    };
    let save = SaveScript {
        filename: "x-1.2".into(),
        ..SaveScript::default()
    };
    assert_eq!(paths(&scripts(), &save), ["x-1.2.sh"]);
    let save = SaveScript {
        powershell: true,
        dotenv: Some("X.env".into()),
        ..save
    };
    assert_eq!(paths(&scripts(), &save), ["x-1.2.sh", "x-1.2.ps1", "X.env"]);
    let windows = EnvScripts {
        subsystem: Subsystem::Windows,
        scope: None,
        ..scripts()
    };
    assert_eq!(paths(&windows, &save), ["x-1.2.bat", "x-1.2.ps1", "X.env"]);
    assert!(windows.save_script(&save).iter().all(|it| !it.registered));
    let save = SaveScript {
        filename: "x.sh".into(),
        dotenv: None,
        ..save
    };
    assert_eq!(paths(&windows, &save), ["x.sh"]);
}

#[test]
fn final_values() {
    let process = IndexMap::from([
        ("APP".to_owned(), "1".to_owned()),
        ("PRE".to_owned(), "2".to_owned()),
        ("BOTH".to_owned(), "3".to_owned()),
    ]);
    insta::assert_snapshot!(scripts().dotenv(&process));
}
