//! How everything below the binary says what it does.
//!
//! Only the binary prints. All other crates get a [`Reporter`] and hand it messages with a level
//! and a scope; the binary decides what is shown, where and in which colour. Progress of long work
//! is a [`Progress`] that finishes when it is dropped.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How important a message is. The order is the order of `-v` levels, from the always shown to the
/// rarely shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Something failed (`-verror`).
    Error,
    /// Something is probably not what the user wants (`-vwarning`).
    Warning,
    /// Important results (`-vnotice`).
    Notice,
    /// The normal course of work (`-vstatus`, the default).
    Status,
    /// Details (`-vverbose`).
    Verbose,
    /// What a maintainer of a recipe needs (`-vdebug`).
    Debug,
    /// Everything (`-vtrace`).
    Trace,
}

/// What a line is about, so that the binary can give it a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Style {
    /// Ordinary text.
    Plain,
    /// Good news or a noteworthy fact.
    Success,
    /// A first-level heading: `======== text ========`.
    Title,
    /// A second-level heading: `-------- text --------`.
    Subtitle,
    /// A step of a package's build: `>>> text`.
    Step,
    /// A line that should be noticed.
    Highlight,
}

/// Receives what the crates below the binary have to say.
pub trait Reporter: Send + Sync + fmt::Debug {
    /// One message. `scope` is what the line is about, usually a reference (`zlib/1.3`), printed as
    /// `scope: text`; empty for none.
    fn message(&self, level: Level, style: Style, scope: &str, text: &str);

    /// A warning with a tag such as `deprecated` or `network`, which `core:skip_warnings` and
    /// `core:warnings_as_errors` refer to.
    fn warning(&self, tag: Option<&str>, scope: &str, text: &str) {
        let _ = tag;
        self.message(Level::Warning, Style::Plain, scope, text);
    }

    /// `core:skip_warnings` and `core:warnings_as_errors`, once they are known: patterns of tags. A
    /// warning without tag has the tag `unknown`.
    fn set_warning_rules(&self, skip: &[String], as_errors: &[String]) {
        let _ = (skip, as_errors);
    }

    /// Output of a child process, raw bytes as they come.
    fn raw(&self, bytes: &[u8]);

    /// Starts long work; `total` is in bytes where known. The bar ends when the value is dropped.
    fn progress(&self, title: &str, total: Option<u64>) -> Box<dyn Progress> {
        let _ = (title, total);
        Box::new(NoProgress)
    }

    /// Starts work that takes its time; what is shown ends when the value is dropped.
    fn activity(&self, title: &str) -> Box<dyn Progress> {
        let _ = title;
        Box::new(NoProgress)
    }

    /// Are messages of this level shown?
    fn shows(&self, level: Level) -> bool {
        level <= Level::Status
    }

    /// True when a question may be asked on the terminal.
    fn interactive(&self) -> bool {
        false
    }
}

/// Something that was said to a [`Reporter`], kept to be said again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Said {
    /// [`Reporter::message`]
    Message {
        /// How important it is.
        level: Level,
        /// What kind of line it is.
        style: Style,
        /// What it is about.
        scope: String,
        /// The line.
        text: String,
    },
    /// [`Reporter::warning`]
    Warning {
        /// What confs call it.
        tag: Option<String>,
        /// What it is about.
        scope: String,
        /// The line.
        text: String,
    },
    /// [`Reporter::raw`]
    Raw(String),
}

impl Said {
    /// Says it.
    pub fn say(&self, reporter: &dyn Reporter) {
        match self {
            Said::Message {
                level,
                style,
                scope,
                text,
            } => reporter.message(*level, *style, scope, text),
            Said::Warning { tag, scope, text } => reporter.warning(tag.as_deref(), scope, text),
            Said::Raw(text) => reporter.raw(text.as_bytes()),
        }
    }
}

/// A running piece of long work.
pub trait Progress: Send {
    /// `bytes` more are done.
    fn advance(&mut self, bytes: u64);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn advance(&mut self, _bytes: u64) {}
}

/// Drops everything. For tests and for work that must be silent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn message(&self, _level: Level, _style: Style, _scope: &str, _text: &str) {}
    fn raw(&self, _bytes: &[u8]) {}
}

/// Shorthands over [`Reporter::message`].
impl dyn Reporter + '_ {
    /// A line of the normal course of work.
    pub fn status(&self, scope: &str, text: &str) {
        self.message(Level::Status, Style::Plain, scope, text);
    }

    /// A first-level heading.
    pub fn title(&self, text: &str) {
        self.message(Level::Status, Style::Title, "", text);
    }

    /// A second-level heading.
    pub fn subtitle(&self, text: &str) {
        self.message(Level::Status, Style::Subtitle, "", text);
    }

    /// A step of a build.
    pub fn highlight(&self, text: &str) {
        self.message(Level::Status, Style::Highlight, "", text);
    }

    /// An error that doesn't end the command.
    pub fn error(&self, scope: &str, text: &str) {
        self.message(Level::Error, Style::Plain, scope, text);
    }

    /// Details.
    pub fn verbose(&self, scope: &str, text: &str) {
        self.message(Level::Verbose, Style::Plain, scope, text);
    }
}
