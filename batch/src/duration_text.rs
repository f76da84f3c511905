//! Lengths of time for people.

/// `0.64 s`, `17 s`, `15 min 46 s`, `1 h 12 min`, `2 d 3 h`: the two largest units, and below a
/// minute the milliseconds that there are. At most eleven characters for less than ten days.
pub(crate) fn duration_text(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.unsigned_abs();
    let (seconds, minutes, hours, days) =
        (ms / 1_000, ms / 60_000, ms / 3_600_000, ms / 86_400_000);
    match (days, hours, minutes) {
        (0, 0, 0) if ms.is_multiple_of(1_000) => format!("{sign}{seconds} s"),
        (0, 0, 0) => {
            let decimals = format!("{:03}", ms % 1_000);
            format!("{sign}{seconds}.{} s", decimals.trim_end_matches('0'))
        }
        (0, 0, _) => format!("{sign}{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{sign}{hours} h {} min", minutes % 60),
        (_, _, _) => format!("{sign}{days} d {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_their_two_largest_units() {
        let cases = [
            (0, "0 s"),
            (640, "0.64 s"),
            (12_500, "12.5 s"),
            (59_999, "59.999 s"),
            (60_000, "1 min 0 s"),
            (946_180, "15 min 46 s"),
            (4_320_000, "1 h 12 min"),
            (86_399_999, "23 h 59 min"),
            (183_600_000, "2 d 3 h"),
            (-17_000, "-17 s"),
        ];
        for (ms, text) in cases {
            assert_eq!(duration_text(ms), text);
        }
    }
}
