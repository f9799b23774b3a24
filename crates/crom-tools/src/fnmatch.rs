//! Shell patterns as Python's `fnmatch` understands them: `*` also matches `/`.

/// True when the whole name matches. Case counts.
pub fn fnmatch(name: &str, pattern: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    matches(&name, &pattern)
}

/// Steps through both; on a mismatch the last `*` takes one more character.
fn matches(name: &[char], pattern: &[char]) -> bool {
    let (mut at, mut step) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        let advanced = match pattern.get(step) {
            Some('*') => {
                star = Some((step + 1, at));
                step += 1;
                continue;
            }
            None if at == name.len() => return true,
            None => None,
            Some(_) if at == name.len() => None,
            Some('?') => Some(step + 1),
            Some('[') => match class(&pattern[step..], name[at]) {
                Some((true, length)) => Some(step + length),
                Some((false, _)) => None,
                // No closing bracket: the character itself.
                None => (name[at] == '[').then_some(step + 1),
            },
            Some(character) => (*character == name[at]).then_some(step + 1),
        };
        match (advanced, star) {
            (Some(next), _) => {
                step = next;
                at += 1;
            }
            (None, Some((after, taken))) if taken < name.len() => {
                star = Some((after, taken + 1));
                step = after;
                at = taken + 1;
            }
            (None, _) => return false,
        }
    }
}

/// `[abc]`, `[a-z]`, `[!abc]` at the start of `pattern`: whether it takes the character, and its
/// length. `None` without a closing bracket.
fn class(pattern: &[char], character: char) -> Option<(bool, usize)> {
    let negated = pattern.get(1) == Some(&'!');
    let first = if negated { 2 } else { 1 };
    // A bracket that comes first is a member.
    let end = (first + 1..pattern.len()).find(|at| pattern[*at] == ']')?;
    let members = &pattern[first..end];
    let mut found = false;
    let mut at = 0;
    while at < members.len() {
        if at + 2 < members.len() && members[at + 1] == '-' {
            found |= (members[at]..=members[at + 2]).contains(&character);
            at += 3;
        } else {
            found |= members[at] == character;
            at += 1;
        }
    }
    Some((found != negated, end + 1))
}

#[cfg(test)]
mod tests {
    use super::fnmatch;

    /// Results of Python's `fnmatch.fnmatchcase`.
    #[test]
    fn as_python() {
        for (name, pattern, expected) in [
            ("a/b/c.h", "*.h", true),
            ("a/b/c.h", "a/*", true),
            ("abc", "a?c", true),
            ("abc", "a[bx]c", true),
            ("abc", "a[!b]c", false),
            ("a]c", "a[]]c", true),
            ("a-c", "a[a-]c", true),
            ("axc", "a[a-z]c", true),
            ("a[c", "a[c", true),
            ("abcabc", "*abc", true),
            ("abcab", "*abc", false),
            ("", "*", true),
            ("", "?", false),
            ("a\nb", "a*b", true),
            ("aaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*c", false),
            ("lib.so.1", "*.so*", true),
        ] {
            assert_eq!(fnmatch(name, pattern), expected, "{name} {pattern}");
        }
    }
}
