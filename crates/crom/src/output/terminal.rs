use std::fmt;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crom_model::conf::fnmatch;
use crom_model::reporter::{Level, NoProgress, Progress, Reporter, Style};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::Paint;

/// Writes messages to standard error.
pub struct Terminal {
    level: Option<Level>,
    paint: Paint,
    bars: Option<MultiProgress>,
    interactive: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    warnings: u32,
    /// `core:skip_warnings`
    skip: Vec<String>,
    /// `core:warnings_as_errors`
    as_errors: Vec<String>,
    /// The first warning that is an error.
    refused: Option<String>,
}

impl Terminal {
    /// `verbosity` is the value of `-v`.
    pub fn new(verbosity: &str) -> Self {
        let level = match verbosity {
            "quiet" => None,
            "error" => Some(Level::Error),
            "warning" => Some(Level::Warning),
            "notice" => Some(Level::Notice),
            "verbose" => Some(Level::Verbose),
            "debug" | "v" => Some(Level::Debug),
            "trace" | "vv" => Some(Level::Trace),
            _ => Some(Level::Status),
        };
        let terminal = std::io::stderr().is_terminal();
        let bars = terminal && level >= Some(Level::Notice) && std::env::var_os("CI").is_none();
        Self {
            level,
            paint: Paint::for_stderr(),
            bars: bars.then(MultiProgress::new),
            interactive: terminal && std::io::stdin().is_terminal(),
            state: Mutex::default(),
        }
    }

    /// The first warning that `core:warnings_as_errors` makes an error.
    pub fn refused(&self) -> Option<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.refused.clone()
    }

    fn write(&self, text: &str) {
        // Nobody can be told that standard error is gone.
        let write = || {
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
        };
        match &self.bars {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }

    fn prefix(&self, scope: &str) -> String {
        if scope.is_empty() {
            String::new()
        } else {
            format!("{}: ", self.paint.name(scope))
        }
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

impl Reporter for Terminal {
    fn shows(&self, level: Level) -> bool {
        self.level.is_some_and(|shown| level <= shown)
    }

    fn message(&self, level: Level, style: Style, scope: &str, text: &str) {
        if !self.shows(level) {
            return;
        }
        let paint = self.paint;
        let line = match (style, level) {
            (Style::Title, _) => format!(
                "\n{}\n",
                paint.heading(&format!("======== {text} ========"))
            ),
            (Style::Subtitle, _) => format!(
                "\n{}\n",
                paint.heading(&format!("-------- {text} --------"))
            ),
            (Style::Step, _) => format!("{}\n", paint.heading(&format!(">>> {text}"))),
            (_, Level::Error) => format!(
                "{}{}\n",
                self.prefix(scope),
                paint.error(&format!("ERROR: {text}"))
            ),
            (_, Level::Warning) => {
                self.state
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .warnings += 1;
                format!(
                    "{}{}\n",
                    self.prefix(scope),
                    paint.warning(&format!("WARN: {text}"))
                )
            }
            (Style::Highlight, _) => format!("{}{}\n", self.prefix(scope), paint.heading(text)),
            (Style::Success, _) => format!("{}{}\n", self.prefix(scope), paint.success(text)),
            (Style::Plain, _) => format!("{}{text}\n", self.prefix(scope)),
        };
        self.write(&line);
    }

    fn set_warning_rules(&self, skip: &[String], as_errors: &[String]) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.skip = skip.to_vec();
        state.as_errors = as_errors.to_vec();
    }

    fn warning(&self, tag: Option<&str>, scope: &str, text: &str) {
        let text = match tag {
            Some(tag) => format!("{tag}: {text}"),
            None => text.to_owned(),
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let matches = |patterns: &[String]| {
            let tag = tag.unwrap_or("unknown");
            patterns.iter().any(|pattern| fnmatch(pattern, tag))
        };
        if matches(&state.skip) {
            return;
        }
        if matches(&state.as_errors) {
            state.refused.get_or_insert_with(|| text.clone());
        }
        drop(state);
        self.message(Level::Warning, Style::Plain, scope, &text);
    }

    fn raw(&self, bytes: &[u8]) {
        if !self.shows(Level::Error) {
            return;
        }
        let write = || {
            let _ = std::io::stderr().lock().write_all(bytes);
        };
        match &self.bars {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }

    fn progress(&self, title: &str, total: Option<u64>) -> Box<dyn Progress> {
        let Some(bars) = &self.bars else {
            return Box::new(NoProgress);
        };
        let bar = match total {
            Some(total) => ProgressBar::new(total).with_style(style(
                "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            )),
            None => ProgressBar::new_spinner()
                .with_style(style("{spinner} {msg} {bytes} {bytes_per_sec}")),
        };
        let bar = bars.add(bar);
        bar.set_message(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Box::new(Bar(bar))
    }

    fn activity(&self, title: &str) -> Box<dyn Progress> {
        let Some(bars) = &self.bars else {
            return Box::new(NoProgress);
        };
        let bar = ProgressBar::new_spinner().with_style(style("{spinner} {msg} {elapsed}"));
        let bar = bars.add(bar);
        bar.set_message(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Box::new(Bar(bar))
    }

    fn interactive(&self) -> bool {
        self.interactive
    }
}

/// The templates are constants of this file; a wrong one falls back to the default look.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

struct Bar(ProgressBar);

impl Progress for Bar {
    fn advance(&mut self, bytes: u64) {
        self.0.inc(bytes);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
