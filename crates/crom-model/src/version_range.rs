//! Version ranges: `[>=1.0 <2 || ~3.1, include_prerelease]`, the text between the brackets.
//!
//! Alternatives are separated by `||`, the conditions of one alternative by spaces, options come
//! after the first comma.
//!
//! | written | means |
//! | --- | --- |
//! | `>1.0` | `>1.0` |
//! | `>=1.0` | `>=1.0-`, so that `1.0-pre` is in it where prereleases are wanted |
//! | `<2.0` | `<2.0-`, so that `2.0-pre` is never in it |
//! | `<=2.0` | `<=2.0` |
//! | `1.0`, `=1.0` | equal; with `*` a shell pattern over the text (`1.*`) |
//! | `~1.2.3` | `>=1.2.3- <1.3-`; `~1` is `>=1- <2-` |
//! | `^1.2.3` | `>=1.2.3- <2-`: up to the first part that isn't zero |
//! | `*` or nothing | `>=0.0.0-` |

use std::cmp::Ordering;
use std::fmt;

use crate::conf::fnmatch;
use crate::version::{Version, VersionError};

/// A malformed range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionRangeError {
    /// The empty text.
    #[error("Error parsing empty version range")]
    Empty,
    /// An operator without version, as in `>= 1.0`.
    #[error("Error parsing version range \"{0}\"")]
    NoVersion(String),
    /// `==`, `~=`, `^=`.
    #[error(
        "Invalid version range operator '{operator}=' in {condition}, you should probably use {operator} instead."
    )]
    Operator {
        /// The part before the superfluous `=`.
        operator: char,
        /// The whole condition.
        condition: String,
    },
    /// A condition after a comma.
    #[error("\"{option}\" in version range \"{range}\" is not a valid option")]
    Option {
        /// What comes after the comma.
        option: String,
        /// The whole range.
        range: String,
    },
    /// `~` or `^` on a version that has no upper bound.
    #[error(transparent)]
    Bound(#[from] VersionError),
}

/// `>=1.0 <2 || >3, include_prerelease`: alternatives of conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionRange {
    expression: String,
    alternatives: Vec<Alternative>,
    /// Things about the expression that deserve a warning.
    warnings: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Alternative {
    conditions: Vec<Condition>,
    prereleases: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Equal,
}

/// `shown` is what an intersection prints, `limit` what versions are compared with.
#[derive(Clone, Debug, PartialEq)]
struct Condition {
    operator: Operator,
    shown: Version,
    limit: Version,
}

impl VersionRange {
    /// Parses the expression without brackets.
    pub fn parse(expression: &str) -> Result<Self, VersionRangeError> {
        if expression.is_empty() {
            return Err(VersionRangeError::Empty);
        }
        let mut tokens = expression.split(',');
        let conditions = tokens.next().unwrap_or_default();
        let mut prereleases = false;
        let mut warnings = Vec::new();
        for option in tokens {
            let option = option.trim();
            match option
                .split_once('=')
                .map_or(option, |(name, _)| name.trim())
            {
                "include_prerelease" => {
                    prereleases = true;
                    if option.contains('=') {
                        warnings.push(format!(
                            "include_prerelease version range option in \"{expression}\" does not take an attribute, its presence unconditionally enables prereleases"
                        ));
                    }
                }
                _ if option.starts_with(['<', '>', '=', '~', '^']) => {
                    return Err(VersionRangeError::Option {
                        option: option.to_owned(),
                        range: expression.to_owned(),
                    });
                }
                _ => warnings.push(format!(
                    "Unrecognized version range option \"{option}\" in \"{expression}\""
                )),
            }
        }
        let alternatives = conditions
            .split("||")
            .map(|text| Alternative::parse(text, prereleases))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            expression: expression.to_owned(),
            alternatives,
            warnings,
        })
    }

    /// True if the version satisfies the range. `resolve_prereleases` is the conf
    /// `core.version_ranges:resolve_prereleases`: true and false overrule the range's own option.
    pub fn contains(&self, version: &Version, resolve_prereleases: Option<bool>) -> bool {
        self.alternatives
            .iter()
            .any(|alternative| alternative.contains(version, resolve_prereleases))
    }

    /// What satisfies both, or none if nothing can. Only lower and upper limits are looked at: an
    /// exact version next to a limit disappears, as in the reference.
    pub fn intersection(&self, other: &VersionRange) -> Option<VersionRange> {
        let alternatives: Vec<Alternative> = self
            .alternatives
            .iter()
            .flat_map(|left| {
                other
                    .alternatives
                    .iter()
                    .filter_map(|right| left.intersection(right))
            })
            .collect();
        if alternatives.is_empty() {
            return None;
        }
        let mut expression = alternatives
            .iter()
            .map(Alternative::to_string)
            .collect::<Vec<_>>()
            .join(" || ");
        if alternatives
            .iter()
            .all(|alternative| alternative.prereleases)
        {
            expression.push_str(", include_prerelease");
        }
        Some(Self {
            expression,
            alternatives,
            warnings: Vec::new(),
        })
    }

    /// The version text of this range: `[expression]`.
    pub fn version(&self) -> Version {
        Version::new(format!("[{}]", self.expression))
    }

    /// The expression, as it was written or as the intersection made it.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// Options that the expression has and that mean nothing; to be shown as warnings.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.expression)
    }
}

impl Alternative {
    fn parse(text: &str, prereleases: bool) -> Result<Self, VersionRangeError> {
        let mut conditions = Vec::new();
        for token in text.split_whitespace() {
            parse_condition(token, &mut conditions)?;
        }
        if conditions.is_empty() {
            parse_condition("*", &mut conditions)?;
        }
        Ok(Self {
            conditions,
            prereleases,
        })
    }

    fn contains(&self, version: &Version, resolve_prereleases: Option<bool>) -> bool {
        let wanted = resolve_prereleases.unwrap_or(self.prereleases);
        if version.pre().is_some() && !wanted {
            return false;
        }
        self.conditions
            .iter()
            .all(|condition| condition.contains(version))
    }

    fn intersection(&self, other: &Alternative) -> Option<Alternative> {
        let both = || self.conditions.iter().chain(&other.conditions);
        let lower = both().filter(|c| c.is_lower()).reduce(|best, c| {
            if c.tighter_than(best, Ordering::Greater) {
                c
            } else {
                best
            }
        });
        let upper = both().filter(|c| c.is_upper()).reduce(|best, c| {
            if c.tighter_than(best, Ordering::Less) {
                c
            } else {
                best
            }
        });
        if let (Some(lower), Some(upper)) = (lower, upper) {
            // `>=1.0 <1.0` is empty although both limits are `1.0-`.
            let least = if upper.is_strict() {
                &lower.shown
            } else {
                &lower.limit
            };
            match least.cmp(&upper.limit) {
                Ordering::Greater => return None,
                Ordering::Equal if lower.is_strict() => return None,
                _ => {}
            }
        }
        let conditions: Vec<_> = lower.into_iter().chain(upper).cloned().collect();
        (!conditions.is_empty()).then_some(Alternative {
            conditions,
            prereleases: self.prereleases && other.prereleases,
        })
    }
}

impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, condition) in self.conditions.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(
                f,
                "{space}{}{}",
                condition.operator.as_str(),
                condition.shown
            )?;
        }
        Ok(())
    }
}

impl Operator {
    fn as_str(self) -> &'static str {
        match self {
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Equal => "=",
        }
    }
}

impl Condition {
    /// Moves `>=1.0` and `<2.0` below their prereleases; a version with a prerelease or build part
    /// says exactly what it means.
    fn new(operator: Operator, shown: &str) -> Self {
        let shown = Version::new(shown);
        let moves = matches!(operator, Operator::GreaterEqual | Operator::Less)
            && shown.pre().is_none()
            && shown.build().is_none();
        let limit = if moves {
            Version::new(format!("{shown}-"))
        } else {
            shown.clone()
        };
        Self {
            operator,
            shown,
            limit,
        }
    }

    fn contains(&self, version: &Version) -> bool {
        let order = version.cmp(&self.limit);
        match self.operator {
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterEqual => order != Ordering::Less,
            Operator::Less => order == Ordering::Less,
            Operator::LessEqual => order != Ordering::Greater,
            Operator::Equal if self.shown.as_str().contains('*') => {
                fnmatch(self.shown.as_str(), version.as_str())
            }
            Operator::Equal => *version == self.limit,
        }
    }

    fn is_lower(&self) -> bool {
        matches!(self.operator, Operator::Greater | Operator::GreaterEqual)
    }

    fn is_upper(&self) -> bool {
        matches!(self.operator, Operator::Less | Operator::LessEqual)
    }

    fn is_strict(&self) -> bool {
        matches!(self.operator, Operator::Greater | Operator::Less)
    }

    /// Limits first, then `>` before `>=`, then the shown versions; of equal
    /// ones the first, unless nothing was moved: then the last.
    fn tighter_than(&self, best: &Condition, wanted: Ordering) -> bool {
        let toward = |order: Ordering| {
            if wanted == Ordering::Less {
                order.reverse()
            } else {
                order
            }
        };
        let order = toward(self.limit.cmp(&best.limit))
            .then_with(|| self.is_strict().cmp(&best.is_strict()))
            .then_with(|| toward(self.shown.cmp(&best.shown)));
        order.then_with(|| (self.shown == self.limit).cmp(&false)) == Ordering::Greater
    }
}

fn parse_condition(token: &str, into: &mut Vec<Condition>) -> Result<(), VersionRangeError> {
    if token == "*" {
        into.push(Condition::new(Operator::GreaterEqual, "0.0.0"));
        return Ok(());
    }
    let (operator, version) = match token.as_bytes() {
        [b'>', b'=', ..] => (Operator::GreaterEqual, &token[2..]),
        [b'<', b'=', ..] => (Operator::LessEqual, &token[2..]),
        [b'>', ..] => (Operator::Greater, &token[1..]),
        [b'<', ..] => (Operator::Less, &token[1..]),
        _ => return parse_other(token, into),
    };
    if version.is_empty() {
        return Err(VersionRangeError::NoVersion(token.to_owned()));
    }
    into.push(Condition::new(operator, version));
    Ok(())
}

fn parse_other(token: &str, into: &mut Vec<Condition>) -> Result<(), VersionRangeError> {
    let mut chars = token.chars();
    let (operator, version) = match chars.next() {
        Some(sign @ ('~' | '^' | '=')) => (sign, chars.as_str()),
        _ => ('=', token),
    };
    if token.chars().nth(1) == Some('=') {
        return Err(VersionRangeError::Operator {
            operator,
            condition: token.to_owned(),
        });
    }
    if version.is_empty() || version == "-" {
        return Err(VersionRangeError::NoVersion(token.to_owned()));
    }
    match operator {
        '~' => {
            let version = with_prereleases(version);
            let parsed = Version::new(&version);
            let index = usize::from(parsed.main().len() > 1);
            let upper = parsed.upper_bound(index)?;
            into.push(Condition::new(Operator::GreaterEqual, &version));
            into.push(Condition::new(Operator::Less, upper.as_str()));
        }
        '^' => {
            let parsed = Version::new(version);
            let first = parsed
                .main()
                .iter()
                .position(|item| item.as_number() != Some(0));
            let index = first.unwrap_or(parsed.main().len());
            let upper = parsed.upper_bound(index)?;
            into.push(Condition::new(Operator::GreaterEqual, version));
            into.push(Condition::new(Operator::Less, upper.as_str()));
        }
        _ => into.push(Condition::new(Operator::Equal, version)),
    }
    Ok(())
}

/// `1.2` to `1.2-`; what has a prerelease part stays.
fn with_prereleases(version: &str) -> String {
    if version.contains('-') {
        version.to_owned()
    } else {
        format!("{version}-")
    }
}

#[cfg(test)]
mod tests;
