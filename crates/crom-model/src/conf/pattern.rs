//! Which packages a line of a profile or of `global.conf` is for.

use crate::reference::RecipeReference;

/// Does the package pattern of a `[settings]`, `[conf]`, `[buildenv]`, ... line select this package?
///
/// `&` is the consumer, a leading `!` or `~` negates, a final `@` wants packages without user and
/// channel. Otherwise the pattern is matched, with the case, against `name/version@user/channel`
/// with and without `#revision`. A consumer without a reference is matched by `*` and `*/*` only.
pub fn matches_package(
    pattern: &str,
    reference: Option<&RecipeReference>,
    is_consumer: bool,
) -> bool {
    let (pattern, negated) = match pattern.strip_prefix(['!', '~']) {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let matched = if pattern == "&" {
        is_consumer
    } else {
        match pattern.strip_suffix('@') {
            Some(pattern) => has_no_user(reference) && matches_text(pattern, reference),
            None => matches_text(pattern, reference),
        }
    };
    matched != negated
}

fn has_no_user(reference: Option<&RecipeReference>) -> bool {
    reference.is_none_or(|it| it.user.is_none() && it.channel.is_none())
}

fn matches_text(pattern: &str, reference: Option<&RecipeReference>) -> bool {
    let Some(reference) = reference else {
        return fnmatch(pattern, "/");
    };
    let mut text = format!("{}/{}", reference.name, reference.version);
    if let Some(user) = &reference.user {
        text.push('@');
        text.push_str(user);
    }
    if let Some(channel) = &reference.channel {
        text.push('/');
        text.push_str(channel);
    }
    if fnmatch(pattern, &text) {
        return true;
    }
    match &reference.revision {
        Some(revision) => fnmatch(pattern, &format!("{text}#{revision}")),
        None => false,
    }
}

/// Python's `fnmatch.fnmatchcase`: `*` (also over `/`), `?`, `[seq]`, `[!seq]`.
pub fn fnmatch(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut pos) = (0, 0);
    // Where to resume when the last `*` has to take one more character.
    let mut retry: Option<(usize, usize)> = None;
    while pos < text.len() {
        let step = match pattern.get(at) {
            Some('*') => {
                retry = Some((at + 1, pos));
                at += 1;
                continue;
            }
            Some('?') => Some(at + 1),
            Some('[') => match_set(&pattern, at, text[pos]),
            Some(literal) if *literal == text[pos] => Some(at + 1),
            _ => None,
        };
        match (step, retry) {
            (Some(next), _) => {
                at = next;
                pos += 1;
            }
            (None, Some((after_star, taken))) => {
                at = after_star;
                pos = taken + 1;
                retry = Some((after_star, taken + 1));
            }
            (None, None) => return false,
        }
    }
    pattern[at..].iter().all(|it| *it == '*')
}

/// Matches one character against the set that starts at `at`; the index after the set if it does.
/// A `[` that is never closed is a plain character.
fn match_set(pattern: &[char], at: usize, character: char) -> Option<usize> {
    let negated = pattern.get(at + 1) == Some(&'!');
    let start = if negated { at + 2 } else { at + 1 };
    // A `]` in the first place belongs to the set.
    let close = (start + 1..pattern.len()).find(|it| pattern[*it] == ']');
    let Some(close) = close else {
        return (character == '[').then_some(at + 1);
    };
    let set = &pattern[start..close];
    let mut found = false;
    let mut index = 0;
    while index < set.len() {
        if index + 2 < set.len() && set[index + 1] == '-' {
            found |= set[index] <= character && character <= set[index + 2];
            index += 3;
        } else {
            found |= set[index] == character;
            index += 1;
        }
    }
    (found != negated).then_some(close + 1)
}

#[cfg(test)]
mod tests {
    use super::fnmatch;

    #[test]
    fn fnmatch_as_python() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "a/b", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("*a*b", "xaxab", true),
            ("?", "", false),
            ("p?g", "pkg", true),
            ("[pk]kg", "pkg", true),
            ("[!p]kg", "pkg", false),
            ("[!p]kg", "akg", true),
            ("[a-c]x", "bx", true),
            ("[a-c]x", "dx", false),
            ("[]]", "]", true),
            ("[a", "[a", true),
            ("zlib/*:*", "zlib/1:x", true),
            ("Pkg", "pkg", false),
        ] {
            assert_eq!(fnmatch(pattern, text), expected, "{pattern} {text}");
        }
    }
}
