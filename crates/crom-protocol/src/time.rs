//! Times of revisions on the wire: `2026-11-21T05:59:45.343397+00:00`. Other servers write `Z`,
//! `+0000`, or another number of digits.

/// Seconds since 1970 of a timestamp with any offset; none if it is malformed.
pub fn parse(text: &str) -> Option<f64> {
    let micros = parse_micros(text)?;
    Some(micros as f64 / 1e6)
}

/// Microseconds since 1970 of a timestamp with any offset; none if it is malformed. Without an
/// offset it is UTC.
pub fn parse_micros(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, rest) = text.split_once(['T', ' '])?;
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (
        number(parts.next()?, 4)?,
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
    );
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (clock, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => (&rest[..at], offset_seconds(&rest[at..])?),
        None => (rest, 0),
    };
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, fraction_micros(fraction)?),
        None => (clock, 0),
    };
    let mut parts = clock.splitn(3, ':');
    let (hour, minute, second) = (
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
    );
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days_from_civil(year, month, day);
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset;
    Some(seconds * 1_000_000 + fraction)
}

/// The timestamp of microseconds since 1970, in UTC with six digits.
pub fn format_micros(micros: i64) -> String {
    let (seconds, fraction) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}+00:00")
}

fn number(text: &str, digits: usize) -> Option<i64> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// `Z`, `+00:00`, `-0130`.
fn offset_seconds(text: &str) -> Option<i64> {
    let sign = match text.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return (text.len() == 1).then_some(0),
    };
    let digits: String = text[1..].chars().filter(|&letter| letter != ':').collect();
    let hours = number(digits.get(..2)?, 2)?;
    let minutes = match digits.get(2..)? {
        "" => 0,
        minutes => number(minutes, 2)?,
    };
    Some(sign * (hours * 3600 + minutes * 60))
}

/// Digits after the point, cut or filled to six.
fn fraction_micros(digits: &str) -> Option<i64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let six: String = digits.chars().chain("000000".chars()).take(6).collect();
    six.parse().ok()
}

/// Days since 1970-01-01 of a Gregorian date. Years are counted from March, so that the leap day is
/// a year's last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
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
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_spellings_of_a_time() {
        let micros = Some(1_795_240_785_343_397);
        assert_eq!(parse_micros("2026-11-21T05:59:45.343397+00:00"), micros);
        assert_eq!(parse_micros("2026-11-21T05:59:45.343397Z"), micros);
        assert_eq!(parse_micros("2026-11-21T05:59:45.343397+0000"), micros);
        assert_eq!(parse_micros("2026-11-21T06:59:45.343397+01:00"), micros);
        assert_eq!(parse_micros("2026-11-21 04:29:45.343397123-01:30"), micros);
        assert_eq!(
            parse_micros("2026-11-21T05:59:45Z"),
            Some(1_795_240_785_000_000)
        );
        assert_eq!(
            parse_micros("2026-11-21T05:59:45.3Z"),
            Some(1_795_240_785_300_000)
        );
        for wrong in [
            "",
            "2026-11-21",
            "2026-11-21T05:59",
            "x-11-21T05:59:45Z",
            "2026-13-01T00:00:00Z",
            "2026-11-21T05:59:45.Z",
            "2026-11-21T05:59:45+0",
        ] {
            assert_eq!(parse_micros(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(micros in 0_i64..4_102_444_800_000_000) {
            prop_assert_eq!(parse_micros(&format_micros(micros)), Some(micros));
        }

        #[test]
        fn any_text_is_refused_or_read(text in ".{0,40}") {
            let _ = parse_micros(&text);
        }
    }
}
