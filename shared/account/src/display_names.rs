//! Display names of queues and agents, from a CSV that the tenant keeps.

use thiserror::Error;

/// The maximum length in bytes of an id with its name. A quote without its end makes one line of all
/// that follows.
const MAX_BYTES: usize = 4 << 10;

/// A line that names nothing.
#[derive(Debug, Error)]
pub enum NotAName {
    /// It is JSON.
    #[error("line {0} is JSON; names are CSV: an id and a name, separated by a comma")]
    Json(u64),
    /// It has fewer than two columns.
    #[error("line {0} is not an id and a name, separated by a comma")]
    OneColumn(u64),
    /// It is longer than any.
    #[error("line {0} is longer than {MAX_BYTES} bytes: look for a quote without its end")]
    TooLong(u64),
    /// It is not text.
    #[error(transparent)]
    Unreadable(#[from] csv::Error),
}

/// Reads ids and their names, a pair for each line. A first line `id,name` is a heading, and an id
/// with an empty name has none. A reader may go on after a line that is an error.
pub fn read(csv: &[u8]) -> impl Iterator<Item = Result<(String, String), NotAName>> {
    let csv = csv.strip_prefix("\u{feff}".as_bytes()).unwrap_or(csv);
    let lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(csv);
    let pairs = (1..).zip(lines.into_records()).map(|(number, line)| {
        let line = line?;
        if line.get(0).is_some_and(|id| id.starts_with(['{', '['])) {
            return Err(NotAName::Json(number));
        }
        if line.as_slice().len() > MAX_BYTES {
            return Err(NotAName::TooLong(number));
        }
        let (Some(id), Some(name)) = (line.get(0), line.get(1)) else {
            return Err(NotAName::OneColumn(number));
        };
        let names_something = !name.is_empty() && (number > 1 || !id.eq_ignore_ascii_case("id"));
        Ok(names_something.then(|| (id.to_owned(), name.to_owned())))
    });
    pairs.filter_map(Result::transpose)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_and_empty_names_are_left_out() {
        let csv = "\u{feff}ID,Name\nq1, Sales \nq2,\"Service, night\"\nq3,\n";
        let names: Result<Vec<_>, _> = read(csv.as_bytes()).collect();
        let expected = [("q1", "Sales"), ("q2", "Service, night")];
        assert_eq!(names.unwrap(), expected.map(|(id, name)| (id.to_owned(), name.to_owned())));
    }

    #[test]
    fn json_is_no_csv_of_names() {
        let error = read(b"{\"id\": \"q1\", \"name\": \"Sales\"}\n").next().unwrap().unwrap_err();
        assert!(error.to_string().starts_with("line 1 is JSON"), "{error}");
    }

    #[test]
    fn a_quote_without_its_end_is_no_name() {
        let csv = format!("q1,Sales\nq2,\"Service\n{}", "q3,Support\n".repeat(1_000));
        let lines: Vec<_> = read(csv.as_bytes()).collect();
        let [Ok(_), Err(error)] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(error.to_string().starts_with("line 2 is longer than 4096 bytes"), "{error}");
    }

    #[test]
    fn a_reader_can_go_on_after_a_line_without_a_name() {
        let lines: Vec<_> = read(b"q1,Sales\nq2\nq3,\xff\nq4,Service\n").collect();
        let errors: Vec<_> = lines.iter().filter_map(|line| line.as_ref().err()).collect();
        assert_eq!(errors.len(), 2);
        assert!(errors[0].to_string().starts_with("line 2 "), "{}", errors[0]);
        assert_eq!(lines.iter().filter(|line| line.is_ok()).count(), 2);
    }
}
