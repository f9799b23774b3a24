//! Arguments as text of a shell, and `conanbuild.conf`, which hands them from `generate()` to
//! `build()`.

use indexmap::IndexMap;

/// The file that toolchains write and build helpers read.
pub const ARGS_FILE: &str = "conanbuild.conf";
/// Its only section.
pub const ARGS_SECTION: &str = "toolchain";

/// Arguments joined so that the shell of the machine gives them back (`cmd_args_to_string`).
pub fn cmd_args_to_string<S: AsRef<str>>(args: &[S], windows: bool) -> String {
    let quoted: Vec<String> = args
        .iter()
        .map(|it| {
            if windows {
                windows_quoted(it.as_ref())
            } else {
                posix_quoted(it.as_ref())
            }
        })
        .collect();
    quoted.join(" ")
}

fn posix_quoted(arg: &str) -> String {
    let safe = |it: char| it.is_ascii_alphanumeric() || "@%+=:,./-_".contains(it);
    if !arg.is_empty() && arg.chars().all(safe) {
        return arg.to_owned();
    }
    format!("'{}'", arg.replace('\'', "'\"'\"'"))
}

/// The rules of `CommandLineToArgvW`: backslashes count only in front of a quote.
fn windows_quoted(arg: &str) -> String {
    let quote = arg.is_empty() || arg.contains([' ', '\t']);
    let mut text = String::with_capacity(arg.len() + 2);
    if quote {
        text.push('"');
    }
    let mut backslashes = 0;
    for character in arg.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                text.push_str(&"\\".repeat(backslashes * 2 + 1));
                backslashes = 0;
                text.push('"');
            }
            other => {
                text.push_str(&"\\".repeat(backslashes));
                backslashes = 0;
                text.push(other);
            }
        }
    }
    text.push_str(&"\\".repeat(if quote { backslashes * 2 } else { backslashes }));
    if quote {
        text.push('"');
    }
    text
}

/// Changes a list of arguments by name (what is in front of `=`): a value replaces an argument or
/// is added, an empty value means the name alone, and none removes the argument.
pub fn update_args(args: &[String], updates: &[(String, Option<String>)]) -> Vec<String> {
    let mut result: Vec<String> = args.to_vec();
    for (name, value) in updates {
        let has_name = |arg: &String| arg.split('=').next() == Some(name.as_str());
        let at = result.iter().position(has_name);
        let text = match value.as_deref() {
            None => {
                result.retain(|arg| !has_name(arg));
                continue;
            }
            Some("") => name.clone(),
            Some(value) => format!("{name}={value}"),
        };
        match at.and_then(|at| result.get_mut(at)) {
            Some(arg) => *arg = text,
            None => result.push(text),
        }
    }
    result
}

/// The name of the file: `namespace_conanbuild.conf` with a namespace.
pub fn args_file(namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) if !namespace.is_empty() => format!("{namespace}_{ARGS_FILE}"),
        _ => ARGS_FILE.to_owned(),
    }
}

/// The file's text (`save_toolchain_args`).
pub fn dump_args(args: &IndexMap<String, String>) -> String {
    let mut text = format!("[{ARGS_SECTION}]\n");
    for (name, value) in args {
        // A value goes on in lines that are indented.
        text.push_str(&format!("{name} = {}\n", value.replace('\n', "\n\t")));
    }
    text.push('\n');
    text
}

/// Reads the file back (`load_toolchain_args`). What isn't in the section is left out.
pub fn load_args(text: &str) -> IndexMap<String, String> {
    let mut args: IndexMap<String, String> = IndexMap::new();
    let mut inside = false;
    let mut last: Option<String> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(name) = trimmed
            .strip_prefix('[')
            .and_then(|it| it.strip_suffix(']'))
        {
            inside = name == ARGS_SECTION;
            last = None;
        } else if !inside || trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        } else if line.starts_with([' ', '\t']) && last.is_some() {
            if let Some(value) = last.as_ref().and_then(|name| args.get_mut(name)) {
                value.push('\n');
                value.push_str(trimmed);
            }
        } else if let Some((name, value)) = trimmed.split_once('=') {
            let name = name.trim().to_lowercase();
            args.insert(name.clone(), value.trim().to_owned());
            last = Some(name);
        }
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        let posix: &[(&[&str], &str)] = &[
            (&[".", "foo"], ". foo"),
            (&[".", "foo with sp"], ". 'foo with sp'"),
            (&[".", "foo \"with\" sp"], ". 'foo \"with\" sp'"),
            (&[".", "'foo with sp'"], ". ''\"'\"'foo with sp'\"'\"''"),
            (&["\".\"", "foo"], "'\".\"' foo"),
            (&["--bindir=${prefix}/bin"], "'--bindir=${prefix}/bin'"),
            (&[""], "''"),
        ];
        for (args, expected) in posix {
            assert_eq!(cmd_args_to_string(args, false), *expected);
        }
        assert_eq!(
            cmd_args_to_string(&["a b", "c\"d", "e\\ f\\"], true),
            "\"a b\" c\\\"d \"e\\ f\\\\\""
        );
    }

    #[test]
    fn updates() {
        let texts = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let args = texts(&[
            "--disable-shared",
            "--enable-static",
            "--bindir=${prefix}/bin",
            "--x=a b",
        ]);
        let update = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
        let updates = [
            update("--enable-static", None),
            update("--new", Some("1")),
            update("--bindir", Some("/q")),
            update("--novalue", Some("")),
        ];
        assert_eq!(
            update_args(&args, &updates),
            texts(&[
                "--disable-shared",
                "--bindir=/q",
                "--x=a b",
                "--new=1",
                "--novalue"
            ])
        );
    }

    #[test]
    fn file_reads_back() {
        let args = IndexMap::from([
            ("configure_args".to_owned(), "--a '--b=${c}'".to_owned()),
            ("make_args".to_owned(), String::new()),
        ]);
        let text = dump_args(&args);
        assert_eq!(
            text,
            "[toolchain]\nconfigure_args = --a '--b=${c}'\nmake_args = \n\n"
        );
        assert_eq!(load_args(&text), args);
        assert_eq!(args_file(Some("ns")), "ns_conanbuild.conf");
    }
}
