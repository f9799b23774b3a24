//! References to recipes and packages, and the patterns that select them.

mod package;
mod pattern;
mod recipe;
#[cfg(test)]
mod tests;

pub use package::PackageReference;
pub use pattern::{RefPattern, RefPatternDefaults};
pub use recipe::RecipeReference;

/// A malformed reference, or one that breaks the naming rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReferenceError {
    /// What is wrong, in the reference's words.
    pub message: String,
}

impl ReferenceError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

/// A timestamp as Python writes a float: `123.0`, `1795241263.0679233`.
fn timestamp_text(timestamp: f64) -> String {
    format!("{timestamp:?}")
}

/// `2026-01-31 10:20:30 UTC` for seconds since 1970.
fn human_time(timestamp: f64) -> String {
    let seconds = timestamp.floor() as i64;
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_date(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// The Gregorian date of a day number (0 = 1970-01-01). Years are counted from March, so that the
/// leap day is a year's last.
fn civil_date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Splits `text%timestamp`; none if what follows the last `%` isn't a number.
fn split_timestamp(text: &str) -> Option<(&str, Option<f64>)> {
    match text.rsplit_once('%') {
        None => Some((text, None)),
        Some((rest, timestamp)) => Some((rest, Some(timestamp.trim().parse().ok()?))),
    }
}
