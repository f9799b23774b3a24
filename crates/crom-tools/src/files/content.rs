//! What is in text files: `load`, `save`, `replace_in_file`.

use std::path::PathBuf;

use crom_model::reporter::Reporter;
use serde::Deserialize;

use crate::error::{Error, Result};

fn utf8() -> String {
    "utf-8".to_owned()
}

fn yes() -> bool {
    true
}

/// The input of [`load`].
#[derive(Debug, Clone, Deserialize)]
pub struct LoadInput {
    /// The file.
    pub path: PathBuf,
    /// A name of Python's: `utf-8`, `latin-1`...
    #[serde(default = "utf8")]
    pub encoding: String,
}

/// The text of a file; line ends stay as they are.
pub fn load(input: &LoadInput) -> Result<String> {
    let bytes = crom_fs::read(&input.path)?;
    decode(bytes, &input.encoding, &input.path.to_string_lossy())
}

/// The input of [`save`].
#[derive(Debug, Clone, Deserialize)]
pub struct SaveInput {
    /// The file; its folders are created.
    pub path: PathBuf,
    /// The text.
    pub content: String,
    /// At the end of what there is.
    #[serde(default)]
    pub append: bool,
    /// A name of Python's.
    #[serde(default = "utf8")]
    pub encoding: String,
}

/// Writes a text to a file; line ends stay as they are.
pub fn save(input: &SaveInput) -> Result<()> {
    let bytes = encode(&input.content, &input.encoding)?;
    if let Some(folder) = input
        .path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        crom_fs::create_dir_all(folder)?;
    }
    if input.append {
        crom_fs::append(&input.path, bytes)?;
    } else {
        crom_fs::write(&input.path, bytes)?;
    }
    Ok(())
}

/// The input of [`replace_in_file`].
#[derive(Debug, Clone, Deserialize)]
pub struct ReplaceInput {
    /// The file.
    pub file_path: PathBuf,
    /// The text, or a regular expression.
    pub search: String,
    /// What takes its place; with `regex` it may refer to groups (`\1`, `\g<name>`).
    pub replace: String,
    /// Fail when there's nothing to replace.
    #[serde(default = "yes")]
    pub strict: bool,
    /// A name of Python's.
    #[serde(default = "utf8")]
    pub encoding: String,
    /// `search` is a regular expression.
    #[serde(default)]
    pub regex: bool,
    /// Python's flags of `re`; 8, `re.MULTILINE`, by default.
    #[serde(default = "multiline")]
    pub flags: u32,
}

fn multiline() -> u32 {
    8
}

/// Replaces all occurrences; `false` when there's none and `strict` is off.
pub fn replace_in_file(input: &ReplaceInput, reporter: &dyn Reporter, scope: &str) -> Result<bool> {
    let file = input.file_path.to_string_lossy();
    let content = decode(crom_fs::read(&input.file_path)?, &input.encoding, &file)?;
    let changed = if input.regex {
        let pattern = python_regex(&input.search, input.flags)?;
        pattern.is_match(&content).then(|| {
            pattern
                .replace_all(&content, python_template(&input.replace))
                .into_owned()
        })
    } else {
        content
            .contains(&input.search)
            .then(|| content.replace(&input.search, &input.replace))
    };
    let Some(changed) = changed else {
        let error = Error::PatternNotFound {
            pattern: input.search.clone(),
            file: file.into_owned(),
        };
        if input.strict {
            return Err(error);
        }
        reporter.warning(None, scope, &error.to_string());
        return Ok(false);
    };
    let bytes = encode(&changed, &input.encoding)?;
    crom_fs::make_writable(&input.file_path)?;
    crom_fs::write(&input.file_path, bytes)?;
    Ok(true)
}

/// A regular expression with the flags of Python's `re`.
fn python_regex(pattern: &str, flags: u32) -> Result<regex::Regex> {
    // `(?P=name)` and looking around don't exist in automata: the error says so.
    regex::RegexBuilder::new(&pattern.replace(r"\Z", r"\z"))
        .case_insensitive(flags & 2 != 0)
        .multi_line(flags & 8 != 0)
        .dot_matches_new_line(flags & 16 != 0)
        .ignore_whitespace(flags & 64 != 0)
        .build()
        .map_err(|error| Error::Regex {
            pattern: pattern.to_owned(),
            message: error.to_string(),
        })
}

/// `\1`, `\g<1>`, `\g<name>` and escapes to the form of the `regex` crate.
fn python_template(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut chars = template.chars().peekable();
    while let Some(character) = chars.next() {
        match character {
            '$' => out.push_str("$$"),
            '\\' => match chars.next() {
                Some(digit @ '1'..='9') => {
                    let mut number = digit.to_string();
                    if let Some(next) = chars.peek().copied().filter(char::is_ascii_digit) {
                        number.push(next);
                        chars.next();
                    }
                    out.push_str(&format!("${{{number}}}"));
                }
                Some('g') if chars.peek() == Some(&'<') => {
                    chars.next();
                    let name: String = chars.by_ref().take_while(|it| *it != '>').collect();
                    out.push_str(&format!("${{{name}}}"));
                }
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(other @ ('\\' | '"' | '\'')) => out.push(other),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}

/// The encodings that recipes use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Codec {
    Utf8,
    Utf8Sig,
    Ascii,
    Latin1,
    Cp1252,
    Utf16 { big: bool, mark: bool },
}

/// Python takes any case, and `-`, `_` and blank alike.
fn codec(name: &str) -> Result<Codec> {
    let plain = name.to_lowercase().replace(['-', ' '], "_");
    Ok(match plain.as_str() {
        "utf_8" | "utf8" | "u8" | "cp65001" => Codec::Utf8,
        "utf_8_sig" | "utf8_sig" => Codec::Utf8Sig,
        "ascii" | "us_ascii" | "646" => Codec::Ascii,
        "latin_1" | "latin1" | "iso_8859_1" | "iso8859_1" | "8859" | "cp819" | "l1" => {
            Codec::Latin1
        }
        "cp1252" | "windows_1252" | "1252" => Codec::Cp1252,
        "utf_16" | "utf16" | "u16" => Codec::Utf16 {
            big: false,
            mark: true,
        },
        "utf_16_le" | "utf_16le" => Codec::Utf16 {
            big: false,
            mark: false,
        },
        "utf_16_be" | "utf_16be" => Codec::Utf16 {
            big: true,
            mark: false,
        },
        _ => return Err(Error::UnknownEncoding(name.to_owned())),
    })
}

/// 0x80 to 0x9f of Windows-1252; NUL for those that aren't used.
const CP1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// Bytes to text by an encoding of Python's; `file` is for the error.
pub fn decode(bytes: Vec<u8>, encoding: &str, file: &str) -> Result<String> {
    let bad = |position: usize, byte: u8| Error::Decode {
        encoding: encoding.to_owned(),
        byte,
        position,
        file: file.to_owned(),
    };
    let utf8 = |bytes: Vec<u8>, skipped: usize| {
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            bad(
                at + skipped,
                error.as_bytes().get(at).copied().unwrap_or_default(),
            )
        })
    };
    match codec(encoding)? {
        Codec::Utf8 => utf8(bytes, 0),
        Codec::Utf8Sig => match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => utf8(rest.to_vec(), 3),
            None => utf8(bytes, 0),
        },
        Codec::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
            Some(at) => Err(bad(at, bytes[at])),
            None => utf8(bytes, 0),
        },
        Codec::Latin1 => Ok(bytes.into_iter().map(char::from).collect()),
        Codec::Cp1252 => bytes
            .iter()
            .enumerate()
            .map(|(at, byte)| match byte {
                0x80..=0x9f => match CP1252[usize::from(byte - 0x80)] {
                    '\0' => Err(bad(at, *byte)),
                    character => Ok(character),
                },
                _ => Ok(char::from(*byte)),
            })
            .collect(),
        Codec::Utf16 { big, mark } => {
            let (big, rest) = match (mark, bytes.as_slice()) {
                (true, [0xff, 0xfe, rest @ ..]) => (false, rest),
                (true, [0xfe, 0xff, rest @ ..]) => (true, rest),
                (_, all) => (big, all),
            };
            let units = rest.chunks(2).map(|pair| match (pair, big) {
                ([a, b], true) => u16::from_be_bytes([*a, *b]),
                ([a, b], false) => u16::from_le_bytes([*a, *b]),
                // Half a unit at the end is no text.
                _ => 0xd800,
            });
            let mut text = String::with_capacity(rest.len() / 2);
            for (index, unit) in char::decode_utf16(units).enumerate() {
                let byte = rest.get(index * 2).copied().unwrap_or_default();
                text.push(unit.map_err(|_| bad(index * 2, byte))?);
            }
            Ok(text)
        }
    }
}

/// Text to bytes by an encoding of Python's.
pub fn encode(text: &str, encoding: &str) -> Result<Vec<u8>> {
    let bad = |character: char| Error::Encode {
        encoding: encoding.to_owned(),
        character,
    };
    match codec(encoding)? {
        Codec::Utf8 => Ok(text.as_bytes().to_vec()),
        Codec::Utf8Sig => Ok([b"\xef\xbb\xbf", text.as_bytes()].concat()),
        Codec::Ascii => match text.chars().find(|character| !character.is_ascii()) {
            Some(character) => Err(bad(character)),
            None => Ok(text.as_bytes().to_vec()),
        },
        Codec::Latin1 => text
            .chars()
            .map(|character| u8::try_from(u32::from(character)).map_err(|_| bad(character)))
            .collect(),
        Codec::Cp1252 => text
            .chars()
            .map(|character| match u32::from(character) {
                code @ (0..=0x7f | 0xa0..=0xff) => u8::try_from(code).map_err(|_| bad(character)),
                _ => CP1252
                    .iter()
                    .position(|it| *it == character && character != '\0')
                    .and_then(|at| u8::try_from(at + 0x80).ok())
                    .ok_or_else(|| bad(character)),
            })
            .collect(),
        Codec::Utf16 { big, mark } => {
            let mut bytes = if mark { vec![0xff, 0xfe] } else { Vec::new() };
            for unit in text.encode_utf16() {
                bytes.extend(if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                });
            }
            Ok(bytes)
        }
    }
}
