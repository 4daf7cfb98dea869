//! Decimal digits without the formatting machinery, which would cost more than all the rest of
//! a record.

/// Digits of the largest number.
const DIGITS_MAX: usize = 10;

/// Appends `number` with at least `width` digits (10 at most), filled up with zeros.
pub(super) fn push_digits(text: &mut String, number: u32, width: usize) {
    let mut reversed = ['0'; DIGITS_MAX];
    let mut rest = number;
    let mut written = 0;
    for place in &mut reversed {
        if rest == 0 && written >= width.max(1) {
            break;
        }
        *place = char::from_digit(rest % 10, 10).unwrap_or('0');
        rest /= 10;
        written += 1;
    }
    text.extend(reversed.iter().take(written).rev());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_formatted_ones_do() {
        for number in [0, 7, 10, 4_711, 1_000_000, u32::MAX] {
            for width in [0, 1, 5, 10] {
                let mut text = "x".to_owned();
                push_digits(&mut text, number, width);
                assert_eq!(text, format!("x{number:0width$}"));
            }
        }
    }
}
