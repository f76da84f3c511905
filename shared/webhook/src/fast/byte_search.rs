//! Finds the end of a string or of a number, eight or sixteen bytes at a time.
//!
//! Invariant: the length found is the one that a search byte by byte would find.

/// How many bytes come before the first that is not just a part of a string: a quote, an escape,
/// a control character. Of the strings in a body every other one is a UUID.
#[inline(always)]
pub(crate) fn length_of_plain(bytes: &[u8]) -> usize {
    if let Some((uuid, [b'"', ..])) = bytes.split_first_chunk()
        && !has_odd(uuid)
    {
        return uuid.len();
    }
    length_before(bytes, odd_bytes, is_odd)
}

/// How many digits come before the first byte that is none.
pub(crate) fn count_digits(bytes: &[u8]) -> usize {
    length_before(bytes, other_bytes, |byte| !byte.is_ascii_digit())
}

/// How many bytes come before the first one that `ends`; `ending` sets the high bit of that one in
/// a word, and of none before it.
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

/// Has the high bits of those bytes set that are no digits.
fn other_bytes(word: u64) -> u64 {
    let digits = word ^ (ONES * b'0' as u64);
    let above_nine = (digits & !HIGH_BITS) + ONES * (128 - 10);
    (digits | above_nine) & HIGH_BITS
}

/// Whether the byte is a quote, an escape or a control character.
fn is_odd(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\')
}

/// Sixteen bytes at a time, the last of them twice.
#[inline(always)]
fn has_odd(uuid: &[u8; 36]) -> bool {
    let odd = |place: usize| u8::from(is_odd(uuid[place]));
    let mut lanes = [0; 16];
    for (place, lane) in lanes.iter_mut().enumerate() {
        *lane = odd(place) | odd(16 + place) | odd(20 + place);
    }
    lanes != [0; 16]
}

/// Has the high bit of the first byte set that [`is_odd`], and of no byte before it.
fn odd_bytes(word: u64) -> u64 {
    // A byte below the limit borrows, and so sets its high bit.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * limit as u64) & !word;
    // The quote comes just after the control characters if 2 is taken from it, and from a blank.
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
