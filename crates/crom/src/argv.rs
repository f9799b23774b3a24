//! From the arguments as Conan's users type them to the form that the parser knows.
//!
//! Conan has options of several letters behind one dash (`-pr:h`, `-of`, `-nr`), and `-v` with an
//! optional value stuck to it (`-vdebug`). The parser knows long options and one-letter ones, so the
//! others are spelt out first. Everything behind a lone `--` stays as it is.

use std::ffi::OsString;

/// Levels that may follow `-v`, as one word or two.
pub const VERBOSITY: [&str; 10] = [
    "quiet", "error", "warning", "notice", "status", "verbose", "debug", "v", "trace", "vv",
];

/// (as typed, long name). Where a command gives another meaning, see [`COMMAND_ALIASES`].
const ALIASES: &[(&str, &str)] = &[
    ("-ap", "--allowed-packages"),
    ("-bs", "--backup-sources"),
    ("-bt", "--build-test"),
    ("-c:a", "--conf:all"),
    ("-c:b", "--conf:build"),
    ("-c:h", "--conf:host"),
    ("-cc", "--core-conf"),
    ("-cx", "--context"),
    ("-df", "--deployer-folder"),
    ("-fo", "--filter-options"),
    ("-fp", "--filter-profile"),
    ("-fs", "--filter-settings"),
    ("-gb", "--graph-binaries"),
    ("-gc", "--graph-context"),
    ("-gr", "--graph-recipes"),
    ("-nr", "--no-remote"),
    ("-o:a", "--options:all"),
    ("-o:b", "--options:build"),
    ("-o:h", "--options:host"),
    ("-of", "--output-folder"),
    ("-pr", "--profile"),
    ("-pr:a", "--profile:all"),
    ("-pr:b", "--profile:build"),
    ("-pr:h", "--profile:host"),
    ("-s:a", "--settings:all"),
    ("-s:b", "--settings:build"),
    ("-s:h", "--settings:host"),
    ("-sb", "--skip-binaries"),
    ("-sf", "--source-folder"),
    ("-tf", "--test-folder"),
    ("-ter", "--test"),
    ("-tm", "--test-missing"),
    ("-tor", "--tool"),
    ("-ubr", "--update-build-requires"),
    ("-upr", "--update-python-requires"),
    ("-ur", "--update-requires"),
];

/// (command, as typed, long name)
const COMMAND_ALIASES: &[(&str, &str, &str)] = &[("config", "-tf", "--target-folder")];

/// Spells out what the parser doesn't know.
pub fn normalise(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments = arguments.into_iter().peekable();
    let mut result: Vec<OsString> = arguments.next().into_iter().collect();
    let mut command: Option<String> = None;
    while let Some(argument) = arguments.next() {
        let Some(text) = argument.to_str() else {
            result.push(argument);
            continue;
        };
        if text == "--" {
            result.push(argument);
            result.extend(arguments);
            break;
        }
        if command.is_none() && !text.starts_with('-') {
            command = Some(text.to_owned());
        }
        if let Some(rest) = text
            .strip_prefix("-v")
            .filter(|rest| VERBOSITY.contains(rest))
        {
            result.push(format!("--verbosity={rest}").into());
        } else if text == "-v" {
            let level = arguments
                .next_if(|next| next.to_str().is_some_and(|next| VERBOSITY.contains(&next)));
            let level = level.and_then(|level| level.into_string().ok());
            result.push(format!("--verbosity={}", level.as_deref().unwrap_or("verbose")).into());
        } else {
            result.push(spell_out(command.as_deref(), text).map_or(argument, OsString::from));
        }
    }
    result
}

fn spell_out(command: Option<&str>, text: &str) -> Option<String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    let of_command = COMMAND_ALIASES
        .iter()
        .find(|(of, alias, _)| Some(*of) == command && *alias == name)
        .map(|(_, _, long)| *long);
    let long = of_command.or_else(|| {
        ALIASES
            .iter()
            .find(|(alias, _)| *alias == name)
            .map(|(_, long)| *long)
    })?;
    Some(match value {
        Some(value) => format!("{long}={value}"),
        None => long.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(line: &str) -> String {
        let arguments = line.split(' ').map(OsString::from);
        let result: Vec<_> = normalise(arguments)
            .into_iter()
            .map(|a| a.into_string().expect("text"))
            .collect();
        result.join(" ")
    }

    #[test]
    fn several_letters_behind_one_dash() {
        for (typed, expected) in [
            ("crom install . -pr:h p", "crom install . --profile:host p"),
            (
                "crom install . -pr=p -of=x",
                "crom install . --profile=p --output-folder=x",
            ),
            ("crom install . -s os=Linux", "crom install . -s os=Linux"),
            (
                "crom install . -s:b os=Linux",
                "crom install . --settings:build os=Linux",
            ),
            ("crom create . -tf=", "crom create . --test-folder="),
            (
                "crom config install x -tf y",
                "crom config install x --target-folder y",
            ),
            ("crom list * -v", "crom list * --verbosity=verbose"),
            ("crom list * -vquiet", "crom list * --verbosity=quiet"),
            (
                "crom install -v debug .",
                "crom install --verbosity=debug .",
            ),
            ("crom install -v .", "crom install --verbosity=verbose ."),
            ("crom run -- ls -of", "crom run -- ls -of"),
        ] {
            assert_eq!(normalised(typed), expected);
        }
    }
}
