//! Reading unified patches: git, svn, mercurial, plain `diff -u`.

/// A patch: what to do with which files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatchSet {
    /// In the order of the patch.
    pub files: Vec<FilePatch>,
    /// Parts that can't be applied, such as binary files, as texts for a warning.
    pub skipped: Vec<String>,
}

/// The changes of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilePatch {
    /// The name after `---`, as written but for time and quotes; `/dev/null` for a new file.
    pub source: String,
    /// The name after `+++`; `/dev/null` for a removed file.
    pub target: String,
    /// `rename from` and `rename to` of git, without prefixes.
    pub rename: Option<(String, String)>,
    /// The mode of `new file mode` or `new mode`.
    pub mode: Option<u32>,
    /// The changes.
    pub hunks: Vec<Hunk>,
}

/// One `@@` block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hunk {
    /// First line in the source, from 1; 0 for a new file.
    pub source_start: usize,
    /// First line in the target.
    pub target_start: usize,
    /// The lines with their end.
    pub lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What happens to it.
    pub kind: LineKind,
    /// With its line end.
    pub bytes: Vec<u8>,
}

/// What happens to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// It stays.
    Context,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

impl Hunk {
    /// The lines of the source: context and removed.
    pub fn before(&self) -> impl Iterator<Item = &Line> {
        self.lines
            .iter()
            .filter(|line| line.kind != LineKind::Added)
    }

    /// The lines of the target: context and added.
    pub fn after(&self) -> impl Iterator<Item = &Line> {
        self.lines
            .iter()
            .filter(|line| line.kind != LineKind::Removed)
    }
}

impl FilePatch {
    /// True when the file is new.
    pub fn is_create(&self) -> bool {
        self.source == NULL
    }

    /// True when the file is new unless it is there: nothing is expected in it. Plain `diff -N`
    /// writes this instead of `/dev/null`.
    pub fn expects_nothing(&self) -> bool {
        self.hunks
            .iter()
            .all(|hunk| hunk.source_start == 0 && hunk.before().next().is_none())
            && !self.hunks.is_empty()
    }

    /// True when the file goes.
    pub fn is_delete(&self) -> bool {
        self.target == NULL
    }
}

/// The name of no file.
pub const NULL: &str = "/dev/null";

/// Why a text is no patch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// There's no `---`, `+++` and no rename in it.
    #[error("no patch data found")]
    Empty,
    /// It ends within a hunk, or before the first.
    #[error("patch stream is incomplete: `{file}` hunk {hunk} (line {line})")]
    Incomplete {
        /// The file it is about.
        file: String,
        /// The number of the hunk, from 1.
        hunk: usize,
        /// The line of the patch, from 1.
        line: usize,
    },
    /// A line of a hunk doesn't start with ` `, `+`, `-` or `\`.
    #[error("invalid line {line} in `{file}` hunk {hunk}: `{text}`")]
    BadLine {
        /// The file it is about.
        file: String,
        /// The number of the hunk, from 1.
        hunk: usize,
        /// The line of the patch, from 1.
        line: usize,
        /// The line.
        text: String,
    },
}

/// Reads a patch.
pub fn parse(patch: &[u8]) -> Result<PatchSet, ParseError> {
    let lines: Vec<&[u8]> = patch.split_inclusive(|byte| *byte == b'\n').collect();
    let mut parser = Parser {
        lines,
        at: 0,
        set: PatchSet::default(),
        git: GitHeader::default(),
    };
    parser.run()?;
    if parser.set.files.is_empty() {
        return Err(ParseError::Empty);
    }
    Ok(parser.set)
}

/// What git says before `---`.
#[derive(Debug, Default)]
struct GitHeader {
    rename_from: Option<String>,
    rename_to: Option<String>,
    mode: Option<u32>,
    name: String,
}

struct Parser<'a> {
    lines: Vec<&'a [u8]>,
    at: usize,
    set: PatchSet,
    git: GitHeader,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), ParseError> {
        while let Some(line) = self.lines.get(self.at) {
            let line = text_of(line);
            let follows_plus = || {
                self.lines
                    .get(self.at + 1)
                    .is_some_and(|next| next.starts_with(b"+++ "))
            };
            if line.starts_with("--- ") && follows_plus() {
                self.file()?;
                continue;
            }
            self.header_line(&line);
            self.at += 1;
        }
        self.flush_rename();
        Ok(())
    }

    fn header_line(&mut self, line: &str) {
        if let Some(names) = line.strip_prefix("diff --git ") {
            self.flush_rename();
            self.git = GitHeader {
                name: names.to_owned(),
                ..GitHeader::default()
            };
        } else if let Some(name) = line.strip_prefix("rename from ") {
            self.git.rename_from = Some(unquote(name));
        } else if let Some(name) = line.strip_prefix("rename to ") {
            self.git.rename_to = Some(unquote(name));
        } else if let Some(mode) = line
            .strip_prefix("new file mode ")
            .or_else(|| line.strip_prefix("new mode "))
        {
            self.git.mode = u32::from_str_radix(mode.trim(), 8).ok();
        } else if line.starts_with("GIT binary patch") || line.starts_with("Binary files ") {
            let what = if self.git.name.is_empty() {
                line
            } else {
                &self.git.name
            };
            self.set
                .skipped
                .push(format!("binary change is not applied: {what}"));
        }
    }

    /// A rename without changes has no `---`.
    fn flush_rename(&mut self) {
        let git = std::mem::take(&mut self.git);
        if let (Some(from), Some(to)) = (git.rename_from, git.rename_to) {
            self.set.files.push(FilePatch {
                source: from.clone(),
                target: to.clone(),
                rename: Some((from, to)),
                mode: git.mode,
                hunks: Vec::new(),
            });
        }
    }

    fn file(&mut self) -> Result<(), ParseError> {
        let source = file_name(&text_of(self.lines[self.at])[4..]);
        let target = file_name(&text_of(self.lines[self.at + 1])[4..]);
        self.at += 2;
        let git = std::mem::take(&mut self.git);
        let mut file = FilePatch {
            source,
            target,
            rename: git.rename_from.zip(git.rename_to),
            mode: git.mode,
            hunks: Vec::new(),
        };
        while let Some(line) = self.lines.get(self.at) {
            let line = text_of(line);
            let Some(range) = hunk_range(&line) else {
                break;
            };
            self.at += 1;
            let number = file.hunks.len() + 1;
            let hunk = self.hunk(range, file.shown(), number)?;
            file.hunks.push(hunk);
        }
        if file.hunks.is_empty() {
            return Err(self.incomplete(file.shown(), 1));
        }
        self.set.files.push(file);
        Ok(())
    }

    fn incomplete(&self, file: &str, hunk: usize) -> ParseError {
        ParseError::Incomplete {
            file: file.to_owned(),
            hunk,
            line: self.at,
        }
    }

    fn hunk(&mut self, range: Range, file: &str, number: usize) -> Result<Hunk, ParseError> {
        let mut hunk = Hunk {
            source_start: range.source_start,
            target_start: range.target_start,
            lines: Vec::new(),
        };
        let (mut source_left, mut target_left) = (range.source_count, range.target_count);
        while source_left > 0 || target_left > 0 {
            let Some(line) = self.lines.get(self.at).copied() else {
                return Err(self.incomplete(file, number));
            };
            self.at += 1;
            let kind = match line.first() {
                Some(b' ') => LineKind::Context,
                Some(b'-') => LineKind::Removed,
                Some(b'+') => LineKind::Added,
                // `\ No newline at end of file`
                Some(b'\\') => continue,
                // Editors and mailers strip the space of empty context lines.
                Some(b'\n' | b'\r') => LineKind::Context,
                _ => {
                    return Err(ParseError::BadLine {
                        file: file.to_owned(),
                        hunk: number,
                        line: self.at,
                        text: text_of(line).into_owned(),
                    });
                }
            };
            let short = || ParseError::Incomplete {
                file: file.to_owned(),
                hunk: number,
                line: self.at,
            };
            if kind != LineKind::Added {
                source_left = source_left.checked_sub(1).ok_or_else(short)?;
            }
            if kind != LineKind::Removed {
                target_left = target_left.checked_sub(1).ok_or_else(short)?;
            }
            let has_mark = !matches!(line.first(), Some(b'\n' | b'\r'));
            let mut bytes = line[usize::from(has_mark)..].to_vec();
            if !bytes.ends_with(b"\n") {
                bytes.push(b'\n');
            }
            hunk.lines.push(Line { kind, bytes });
        }
        Ok(hunk)
    }
}

impl FilePatch {
    /// The name for messages.
    pub fn shown(&self) -> &str {
        if self.is_delete() {
            &self.source
        } else {
            &self.target
        }
    }
}

/// A line without its end, for headers.
fn text_of(line: &[u8]) -> std::borrow::Cow<'_, str> {
    let end = line
        .iter()
        .rposition(|byte| !matches!(byte, b'\n' | b'\r'))
        .map_or(0, |last| last + 1);
    String::from_utf8_lossy(&line[..end])
}

/// Takes the time away, which follows a tab, or blanks in some tools.
fn file_name(text: &str) -> String {
    let name = text.split('\t').next().unwrap_or(text);
    let bytes = name.as_bytes();
    // ` 2020-01-31` and what follows it.
    let time = (0..bytes.len()).find(|at| {
        let rest = &bytes[*at..];
        rest.len() >= 11
            && rest[0] == b' '
            && rest[1..5].iter().all(u8::is_ascii_digit)
            && rest[5] == b'-'
            && rest[6..8].iter().all(u8::is_ascii_digit)
            && rest[8] == b'-'
    });
    let name = match time {
        Some(at) => &name[..at],
        None => name,
    };
    unquote(name.trim_end())
}

/// Git quotes names with unusual characters as C does.
fn unquote(name: &str) -> String {
    let Some(inner) = name
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return name.to_owned();
    };
    let mut out = Vec::new();
    let mut bytes = inner.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            Some(digit @ b'0'..=b'7') => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    if let Some(next @ b'0'..=b'7') = bytes.peek().copied() {
                        value = value * 8 + u32::from(next - b'0');
                        bytes.next();
                    }
                }
                out.push(u8::try_from(value).unwrap_or(b'?'));
            }
            Some(other) => out.push(other),
            None => out.push(b'\\'),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

struct Range {
    source_start: usize,
    source_count: usize,
    target_start: usize,
    target_count: usize,
}

/// `@@ -1,3 +1,4 @@ text`; a missing count is 1.
fn hunk_range(line: &str) -> Option<Range> {
    let rest = line.strip_prefix("@@ -")?;
    let (ranges, _) = rest.split_once(" @@").or_else(|| rest.split_once("@@"))?;
    let (source, target) = ranges.trim_end().split_once(" +")?;
    let pair = |text: &str| -> Option<(usize, usize)> {
        match text.split_once(',') {
            Some((start, count)) => Some((start.parse().ok()?, count.trim().parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    let (source_start, source_count) = pair(source)?;
    let (target_start, target_count) = pair(target)?;
    Some(Range {
        source_start,
        source_count,
        target_start,
        target_count,
    })
}
