//! Whether a file is a patch that can be read: each hunk has the lines that its header announces.

/// Why a text is no patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchProblem {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// Checks the hunks of a unified patch.
pub fn check(patch: &[u8]) -> Result<(), PatchProblem> {
    let lines: Vec<&[u8]> = patch.split_inclusive(|byte| *byte == b'\n').collect();
    let mut at = 0;
    let mut files = 0_usize;
    while at < lines.len() {
        if lines[at].starts_with(b"--- ") && next_is(&lines, at + 1, b"+++ ") {
            files += 1;
            at += 2;
            continue;
        }
        if lines[at].starts_with(b"rename from ") || lines[at].starts_with(b"new file mode ") {
            files += 1;
        }
        if lines[at].starts_with(b"@@ -") && files > 0 {
            at = hunk(&lines, at)?;
            continue;
        }
        at += 1;
    }
    if files == 0 {
        return Err(PatchProblem {
            line: 1,
            problem: "no `---` and `+++` lines".to_owned(),
        });
    }
    Ok(())
}

fn next_is(lines: &[&[u8]], at: usize, start: &[u8]) -> bool {
    lines.get(at).is_some_and(|line| line.starts_with(start))
}

/// The line after the hunk whose header is at `header`.
fn hunk(lines: &[&[u8]], header: usize) -> Result<usize, PatchProblem> {
    let fail = |line: usize, problem: String| PatchProblem {
        line: line + 1,
        problem,
    };
    let Some((mut before, mut after)) = counts(lines[header]) else {
        let text = String::from_utf8_lossy(lines[header]);
        return Err(fail(
            header,
            format!("the hunk header `{}` can't be read", text.trim_end()),
        ));
    };
    let mut at = header + 1;
    while before > 0 || after > 0 {
        let Some(line) = lines.get(at) else {
            return Err(fail(
                header,
                format!("the hunk ends {} lines too early", before.max(after)),
            ));
        };
        let (old, new) = match line.first() {
            Some(b'+') => (0, 1),
            Some(b'-') => (1, 0),
            // Editors remove the blank of an empty line of context.
            Some(b' ' | b'\n' | b'\r' | b'\t') => (1, 1),
            Some(b'\\') => (0, 0),
            _ => {
                let text = String::from_utf8_lossy(line);
                return Err(fail(
                    at,
                    format!(
                        "the hunk at line {} lacks {} lines before `{}`",
                        header + 1,
                        before.max(after),
                        text.trim_end()
                    ),
                ));
            }
        };
        if old > before || new > after {
            return Err(fail(
                at,
                format!(
                    "more lines than the hunk header at line {} says",
                    header + 1
                ),
            ));
        }
        before -= old;
        after -= new;
        at += 1;
    }
    Ok(at)
}

/// The lines before and after of `@@ -1,3 +1,4 @@`.
fn counts(header: &[u8]) -> Option<(usize, usize)> {
    let text = std::str::from_utf8(header.get(3..)?).ok();
    let text = text.map_or_else(
        || String::from_utf8_lossy(header).into_owned(),
        str::to_owned,
    );
    let mut words = text.split_whitespace();
    let count = |word: &str| match word.split_once(',') {
        Some((start, count)) => start.parse::<usize>().ok().and(count.parse().ok()),
        None => word.parse::<usize>().ok().map(|_| 1),
    };
    let before = count(words.next()?.strip_prefix('-')?)?;
    let after = count(words.next()?.strip_prefix('+')?)?;
    Some((before, after))
}
