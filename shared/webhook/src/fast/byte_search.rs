//! Finds the end of a string or of a number, eight or sixteen bytes at a time.
//!
//! Invariant: the length found is the one that a search byte by byte would find.

/// The number of bytes before the first one that cannot be part of a plain string: a quote, an
/// escape, a control character. Tries a UUID first, since half of the strings in a body are UUIDs.
#[inline(always)]
pub(crate) fn length_of_plain(bytes: &[u8]) -> usize {
    if let Some((uuid, [b'"', ..])) = bytes.split_first_chunk()
        && !has_odd(uuid)
    {
        return uuid.len();
    }
    length_before(bytes, odd_bytes, is_odd)
}

/// The number of digits before the first other byte.
pub(crate) fn count_digits(bytes: &[u8]) -> usize {
    length_before(bytes, other_bytes, |byte| !byte.is_ascii_digit())
}

/// The number of bytes before the first one for which `ends` is true. `ending` does the same for a
/// word: it sets the high bit of that byte, and of no byte before it.
#[inline(always)]
fn length_before(bytes: &[u8], ending: impl Fn(u64) -> u64, ends: impl Fn(u8) -> bool) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let found = ending(u64::from_le_bytes(*word));
        if found != 0 {
            return place * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    words.len() * 8 + rest.iter().take_while(|&&byte| !ends(byte)).count()
}

/// A one in each byte of a word.
const ONES: u64 = u64::MAX / 255;
/// The high bit of each byte of a word.
const HIGH_BITS: u64 = ONES << 7;

/// Sets the high bit of each byte that is not a digit.
fn other_bytes(word: u64) -> u64 {
    let digits = word ^ (ONES * b'0' as u64);
    let above_nine = (digits & !HIGH_BITS) + ONES * (128 - 10);
    (digits | above_nine) & HIGH_BITS
}

/// Whether the byte is a quote, an escape or a control character.
fn is_odd(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\')
}

/// Whether any byte of the UUID [`is_odd`]; compares sixteen at a time, some of them twice.
#[inline(always)]
fn has_odd(uuid: &[u8; 36]) -> bool {
    let odd = |place: usize| u8::from(is_odd(uuid[place]));
    let mut lanes = [0; 16];
    for (place, lane) in lanes.iter_mut().enumerate() {
        *lane = odd(place) | odd(16 + place) | odd(20 + place);
    }
    lanes != [0; 16]
}

/// Sets the high bit of the first byte that [`is_odd`], and of no byte before it.
fn odd_bytes(word: u64) -> u64 {
    // Subtracting the limit from a byte below it borrows, which sets the high bit.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * limit as u64) & !word;
    // Flipping bit 1 moves the quote to 0x20, right after the control characters, and the blank
    // that is there to 0x22.
    let quote_or_control = below(word ^ (ONES * 2), b'"' - 1);
    let escape = below(word ^ (ONES * b'\\' as u64), 1);
    (quote_or_control | escape) & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_string_is_found_at_any_place() {
        for before in 0..40 {
            for end in ['"', '\\', '\0', '\u{1f}'] {
                let more = end.to_string().repeat(40);
                for after in ["", "\"#!\u{0}\u{1}", "\"\\ and more than eight bytes", &more] {
                    let plain: String = "ü~!# []".repeat(20).chars().take(before).collect();
                    let text = format!("{plain}{end}{after}");
                    assert_eq!(length_of_plain(text.as_bytes()), plain.len(), "{text:?}");
                }
            }
        }
        assert_eq!(length_of_plain(b"no end at all"), 13);
    }
}
