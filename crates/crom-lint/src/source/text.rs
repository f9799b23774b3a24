//! A text and where its lines begin.

/// A range of bytes of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Span {
    /// A range of bytes.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The same as a range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// A file that was read.
#[derive(Clone, Debug, Default)]
pub struct SourceText {
    /// Relative to the root of the index, with `/`.
    pub path: String,
    /// The content.
    pub text: String,
    /// The first byte of each line.
    starts: Vec<usize>,
}

impl SourceText {
    /// A text under the name of `path`.
    pub fn new(path: String, text: String) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(after_breaks.map(|(index, _)| index + 1))
            .collect();
        Self { path, text, starts }
    }

    /// Line and column (in characters) of a byte, both from 1.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let column = self
            .text
            .get(start..offset)
            .map_or(0, |it| it.chars().count());
        (line.max(1), column + 1)
    }

    /// The byte at a line (from 1) and a column in characters (from 0).
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.starts.get(line.saturating_sub(1)).copied() else {
            return self.text.len();
        };
        let rest = self.text.get(start..).unwrap_or_default();
        rest.char_indices()
            .nth(column)
            .map_or(self.text.len(), |(index, _)| start + index)
    }

    /// The lines with their ranges of bytes, without the line feed.
    pub fn lines(&self) -> impl Iterator<Item = (Span, &str)> {
        self.starts.iter().enumerate().map(|(index, start)| {
            let end = self
                .starts
                .get(index + 1)
                .map_or(self.text.len(), |next| next - 1);
            (Span::new(*start, end), self.slice(Span::new(*start, end)))
        })
    }

    /// The line that holds a byte.
    pub fn line_of(&self, offset: usize) -> &str {
        let line = self.starts.partition_point(|start| *start <= offset).max(1) - 1;
        let start = self.starts.get(line).copied().unwrap_or(0);
        let end = self
            .starts
            .get(line + 1)
            .map_or(self.text.len(), |next| next - 1);
        self.slice(Span::new(start, end))
    }

    /// The text of a range.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}
