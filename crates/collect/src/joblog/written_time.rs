//! A time as somebody's culture, device or script writes it, taken apart.
//!
//! What stands there is a date of three numbers, or of two and a month's name, and a time of day of
//! two or three. Which number is the day is not decided here: `5/11/2026` is written alike on both
//! sides of the Atlantic, and only the whole log can tell (`date_order.rs`).

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use super::date_order::DateOrder;
use super::date_words::{self, Half};
use super::time_tokens::{Number, Token, tokens};

/// What Thai years are ahead of ours: no print log is of the year 2400, and none of theirs earlier.
const BUDDHIST_YEARS: i32 = 543;
const BUDDHIST_FROM: i32 = 2_400;

/// Years with two digits: from here on they are of 1900, as POSIX has it.
const PIVOT: i32 = 69;

/// A written time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) date: WrittenDate,
    /// `None` for a bare date.
    pub(super) time: Option<Time>,
    pub(super) offset: Option<Offset>,
    /// Whether something beside the numbers says that the day stands before the month: points
    /// between them, or a word of a language that writes so everywhere.
    pub(super) is_day_first: bool,
}

/// A written date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenDate {
    /// There is one way to read it.
    Plain(Date),
    /// Three numbers whose order is not said: year last, or none with four digits.
    Numbers([i32; 3], YearDigits),
}

/// How many digits the year has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearDigits {
    Two,
    Four,
}

impl WrittenDate {
    /// The date in this order; `None` where it is none in it.
    pub(super) fn by(self, order: DateOrder) -> Option<Date> {
        let ([a, b, c], digits) = match self {
            Self::Plain(date) => return Some(date),
            Self::Numbers(numbers, digits) => (numbers, digits),
        };
        let (year, month, day) = match order {
            DateOrder::DayMonthYear => (c, b, a),
            DateOrder::MonthDayYear => (c, a, b),
            DateOrder::YearMonthDay => match digits {
                YearDigits::Two => (a, b, c),
                YearDigits::Four => return None,
            },
        };
        date(full_year(year, digits)?, month, day)
    }
}

impl Written {
    /// Reads a text that is a time and nothing else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let tokens = tokens(text)?;
        if let Some(Token::Number(glued)) = tokens.first()
            && matches!(glued.digits, 12 | 14)
        {
            return Self::glued(*glued, tokens.get(1..)?);
        }
        let Some(start) = clock_place(&tokens) else {
            let pieces = DatePieces::of(&[&tokens])?;
            return Some(pieces.written(pieces.date()?, None, None, false));
        };
        let (clock, behind) = Clock::read(&tokens, start)?;
        let (before, after) = (tokens.get(..start)?, tokens.get(behind..)?);
        let (half, before, after) = half(before, after);
        let (offset, after) = zone(after)?;
        let pieces = DatePieces::of(&[before, after])?;
        let time = clock.time(half.map(|(half, _)| half))?;
        let is_day_first = half.is_some_and(|(_, is_day_first)| is_day_first);
        Some(pieces.written(pieces.date()?, Some(time), offset, is_day_first))
    }

    /// Date and time in one number, as CIM has them: `20261124091203.123456+060`.
    fn glued(number: Number, rest: &[Token]) -> Option<Self> {
        let clock_digits = number.digits - 8;
        let power = 10_u64.pow(u32::try_from(clock_digits).ok()?);
        let day = Number {
            value: number.value / power,
            digits: 8,
        };
        let clock = Clock {
            numbers: vec![Number {
                value: number.value % power,
                digits: clock_digits,
            }],
            fraction: fraction(rest),
        };
        let behind = if clock.fraction.is_some() { 2 } else { 0 };
        let (offset, after) = zone(rest.get(behind..)?)?;
        let is_over = after.iter().all(|token| *token == Token::Blank);
        let written = Self {
            date: glued_date(day)?,
            time: Some(clock.time(None)?),
            offset,
            is_day_first: false,
        };
        is_over.then_some(written)
    }
}

/// Reads a bare time of day: `08:12:31`, `9.12 p. m.`, `081231`.
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    let tokens = tokens(text)?;
    let start = tokens.iter().position(Token::is_number)?;
    let (clock, behind) = Clock::read(&tokens, start)?;
    let (half, before, after) = half(tokens.get(..start)?, tokens.get(behind..)?);
    let rest = DatePieces::of(&[before, after])?;
    let is_alone = rest.numbers.is_empty() && rest.month.is_none();
    let time = clock.time(half.map(|(half, _)| half))?;
    is_alone.then_some(time)
}

/// Where the time of day begins: at the number before the first colon or unit of hours, else
/// behind the numbers of the date. `None` where there is none.
fn clock_place(tokens: &[Token]) -> Option<usize> {
    let is_sign = |token: &Token| token.is_mark(&[':']) || token.is_unit_of_time();
    if let Some(sign) = tokens.iter().position(is_sign) {
        return tokens.get(..sign)?.iter().rposition(Token::is_number);
    }
    let names_month = |token: &Token| {
        let meaning = token.word().and_then(date_words::meaning);
        meaning.is_some_and(|meaning| meaning.month.is_some())
    };
    let has_month = tokens.iter().any(names_month);
    let mut numbers = (0..).zip(tokens).filter(|(_, token)| token.is_number());
    let (_, first) = numbers.next()?;
    let of_date = match first.number()?.digits {
        6 | 8 => 1,
        _ if has_month => 2,
        _ => 3,
    };
    numbers.nth(of_date - 1).map(|(at, _)| at)
}

/// A time of day.
struct Clock {
    numbers: Vec<Number>,
    fraction: Option<Number>,
}

impl Clock {
    /// Reads it from its first number on; the place behind it.
    fn read(tokens: &[Token], start: usize) -> Option<(Self, usize)> {
        let mut numbers = vec![tokens.get(start)?.number()?];
        let mut at = start + 1;
        while numbers.len() < 3
            && let Some((number, behind)) = next_of_clock(tokens, at)
        {
            numbers.push(number);
            at = behind;
        }
        let fraction = match numbers.len() {
            3 => fraction(tokens.get(at..)?),
            _ => None,
        };
        let behind = if fraction.is_some() { at + 2 } else { at };
        Some((Self { numbers, fraction }, behind))
    }

    fn time(&self, half: Option<Half>) -> Option<Time> {
        let value = |number: &Number| i32::try_from(number.value).ok();
        let (hour, minute, second) = match self.numbers.as_slice() {
            [glued] if glued.digits == 4 => (value(glued)? / 100, value(glued)? % 100, 0),
            [glued] if glued.digits == 6 => {
                let glued = value(glued)?;
                (glued / 10_000, glued / 100 % 100, glued % 100)
            }
            // An hour alone needs a word beside it.
            [h] if half.is_some() => (value(h)?, 0, 0),
            [h, m] => (value(h)?, value(m)?, 0),
            [h, m, s] => (value(h)?, value(m)?, value(s)?),
            _ => return None,
        };
        let hour = match (half, hour) {
            (None, hour) => hour,
            (Some(Half::Am), 0..=12) => hour % 12,
            (Some(Half::Pm), 0..=12) => hour % 12 + 12,
            // `16:45 PM` says the same thing twice.
            (Some(Half::Pm), 13..=23) => hour,
            (Some(_), _) => return None,
        };
        if second > 60 {
            return None;
        }
        let small = |number: i32| i8::try_from(number).ok();
        // A second that is inserted (RFC 3339 5.7) is the last one again.
        let second = small(second.min(59))?;
        Time::new(small(hour)?, small(minute)?, second, self.nanoseconds()).ok()
    }

    fn nanoseconds(&self) -> i32 {
        let Some(Number { value, digits }) = self.fraction else {
            return 0;
        };
        let power =
            |digits: usize| 10_u64.saturating_pow(u32::try_from(digits).unwrap_or(u32::MAX));
        let scaled = match 9_usize.checked_sub(digits) {
            Some(missing) => value.saturating_mul(power(missing)),
            None => value / power(digits - 9),
        };
        i32::try_from(scaled).unwrap_or(0)
    }
}

/// The next number of a time of day, behind a colon, a point or a unit.
fn next_of_clock(tokens: &[Token], at: usize) -> Option<(Number, usize)> {
    let rest = tokens.get(at..)?;
    if let [mark, Token::Number(number), ..] = rest
        && mark.is_mark(&[':', '.'])
    {
        return Some((*number, at + 2));
    }
    let mut words = (at..)
        .zip(rest)
        .filter(|(_, token)| **token != Token::Blank);
    let (_, unit) = words.next()?;
    let (place, next) = words.next()?;
    let number = next.number()?;
    unit.is_unit_of_time().then_some((number, place + 1))
}

/// Digits of a second behind a point or a comma.
const fn fraction(tokens: &[Token]) -> Option<Number> {
    match tokens {
        [Token::Mark('.' | ','), Token::Number(number), ..] => Some(*number),
        _ => None,
    }
}

/// The half of the day directly behind a time of day or before it, whether it says that the day
/// stands before the month, and what is left on both sides.
fn half<'a>(
    before: &'a [Token],
    after: &'a [Token],
) -> (Option<(Half, bool)>, &'a [Token], &'a [Token]) {
    let is_part =
        |token: &&Token| matches!(token, Token::Word(_) | Token::Blank | Token::Mark('.'));
    let length = after.iter().take_while(is_part).count();
    let words = |tokens: &[Token]| tokens.iter().filter_map(Token::word).collect::<String>();
    let found = |word: &str| {
        let meaning = date_words::meaning(word)?;
        Some((meaning.half?, meaning.is_day_first))
    };
    for taken in (1..=length).rev() {
        let (phrase, rest) = after.split_at(taken);
        if phrase.last().is_some_and(|last| last.word().is_some())
            && let Some(half) = found(&words(phrase))
        {
            return (Some(half), before, rest);
        }
    }
    let length = before.iter().rev().take_while(is_part).count();
    for taken in (1..=length).rev() {
        let (rest, phrase) = before.split_at(before.len() - taken);
        if phrase.first().is_some_and(|first| first.word().is_some())
            && let Some(half) = found(&words(phrase))
        {
            return (Some(half), rest, after);
        }
    }
    (None, before, after)
}

/// The offset at the beginning of what stands behind a time of day, and what follows: `Z`, `UTC`,
/// `+01:00`, `+0100`, `GMT+1`, `+060` (minutes, as CIM has it). `None` for a sign and no offset.
fn zone(tokens: &[Token]) -> Option<(Option<Offset>, &[Token])> {
    let blanks = tokens.iter().take_while(|token| **token == Token::Blank);
    let mut rest = tokens.get(blanks.count()..)?;
    let mut offset = None;
    if let [first, behind @ ..] = rest
        && let Some(meaning) = first.word().and_then(date_words::meaning)
        && meaning.is_utc
    {
        (offset, rest) = (Some(Offset::UTC), behind);
    }
    let [
        Token::Mark(sign @ ('+' | '-')),
        Token::Number(first),
        behind @ ..,
    ] = rest
    else {
        return Some(if offset.is_some() {
            (offset, rest)
        } else {
            (None, tokens)
        });
    };
    let number = |number: &Number| i32::try_from(number.value).ok();
    let value = number(first)?;
    let (minutes, rest) = match (first.digits, behind) {
        (1..=2, [Token::Mark(':'), Token::Number(minutes), rest @ ..]) => {
            (value * 60 + number(minutes)?, rest)
        }
        (1..=2, rest) => (value * 60, rest),
        (3, rest) => (value, rest),
        (4, rest) => (value / 100 * 60 + value % 100, rest),
        _ => return None,
    };
    let seconds = if *sign == '-' {
        -minutes * 60
    } else {
        minutes * 60
    };
    Some((Some(Offset::from_seconds(seconds).ok()?), rest))
}

/// What is left of a text without its time of day.
#[derive(Default)]
struct DatePieces {
    numbers: Vec<Number>,
    /// How many of the numbers have a point directly behind them, from the first on.
    points: usize,
    month: Option<i8>,
}

impl DatePieces {
    /// Sorts them; `None` where there is a word that nobody knows.
    fn of(parts: &[&[Token]]) -> Option<Self> {
        let mut pieces = Self::default();
        let numbers = parts.iter().flat_map(|part| part.iter());
        let names_needed = numbers.filter(|token| token.is_number()).count() < 3;
        for part in parts {
            for (at, token) in part.iter().enumerate() {
                match token {
                    Token::Number(number) => {
                        let next = part.get(at + 1);
                        let has_point = next.is_some_and(|next| next.is_mark(&['.']));
                        if has_point && pieces.points == pieces.numbers.len() {
                            pieces.points += 1;
                        }
                        pieces.numbers.push(*number);
                    }
                    Token::Word(word) => pieces.take_word(word, names_needed)?,
                    Token::Mark(_) | Token::Blank => {}
                }
            }
        }
        Some(pieces)
    }

    fn take_word(&mut self, word: &str, names_needed: bool) -> Option<()> {
        let meaning = date_words::meaning(word)?;
        match meaning.month {
            Some(month) if names_needed && self.month.is_none() => self.month = Some(month),
            _ if meaning.is_passed_over => {}
            _ => return None,
        }
        Some(())
    }

    fn written(
        &self,
        date: WrittenDate,
        time: Option<Time>,
        offset: Option<Offset>,
        is_day_first: bool,
    ) -> Written {
        // No culture of CLDR writes the month first where points part the numbers.
        let has_points =
            self.points >= 2 && matches!(date, WrittenDate::Numbers(_, YearDigits::Four));
        Written {
            date,
            time,
            offset,
            is_day_first: is_day_first || has_points,
        }
    }

    fn date(&self) -> Option<WrittenDate> {
        if let Some(month) = self.month {
            return Some(WrittenDate::Plain(self.date_with_name(month)?));
        }
        let value = |number: &Number| i32::try_from(number.value).ok();
        let [a, b, c] = self.numbers.as_slice() else {
            return match self.numbers.as_slice() {
                [glued] => glued_date(*glued),
                _ => None,
            };
        };
        let numbers = [value(a)?, value(b)?, value(c)?];
        match (a.digits, b.digits, c.digits) {
            (4, 1..=2, 1..=2) => {
                let [year, month, day] = numbers;
                let date = date(full_year(year, YearDigits::Four)?, month, day)?;
                Some(WrittenDate::Plain(date))
            }
            (1..=2, 1..=2, 4) => Some(WrittenDate::Numbers(numbers, YearDigits::Four)),
            (1..=2, 1..=2, 1..=2) => Some(WrittenDate::Numbers(numbers, YearDigits::Two)),
            _ => None,
        }
    }

    /// A date with the name of its month: the number of four digits is the year, else the last.
    fn date_with_name(&self, month: i8) -> Option<Date> {
        let [a, b] = self.numbers.as_slice() else {
            return None;
        };
        let (year, day) = if a.digits == 4 { (a, b) } else { (b, a) };
        let digits = match year.digits {
            2 => YearDigits::Two,
            4 => YearDigits::Four,
            _ => return None,
        };
        let number = |number: &Number| i32::try_from(number.value).ok();
        date(
            full_year(number(year)?, digits)?,
            month.into(),
            number(day)?,
        )
    }
}

/// `20261124`, `261124` or `24112026`.
fn glued_date(number: Number) -> Option<WrittenDate> {
    let value = i32::try_from(number.value).ok()?;
    match number.digits {
        6 => {
            let numbers = [value / 10_000, value / 100 % 100, value % 100];
            Some(WrittenDate::Numbers(numbers, YearDigits::Two))
        }
        8 => {
            // A day and a month before a year are no year and month: 20 and 19 are no months.
            let year_first = date(value / 10_000, value / 100 % 100, value % 100);
            let year_first = year_first.filter(|date| (1_900..2_100).contains(&date.year()));
            let numbers = [value / 1_000_000, value / 10_000 % 100, value % 10_000];
            let otherwise = WrittenDate::Numbers(numbers, YearDigits::Four);
            Some(year_first.map_or(otherwise, WrittenDate::Plain))
        }
        _ => None,
    }
}

/// The year by our calendar; `None` for one of another, or of nobody's print log.
const fn full_year(year: i32, digits: YearDigits) -> Option<i32> {
    match digits {
        YearDigits::Two if year >= PIVOT => Some(1_900 + year),
        YearDigits::Two => Some(2_000 + year),
        YearDigits::Four if year >= BUDDHIST_FROM => Some(year - BUDDHIST_YEARS),
        YearDigits::Four if year < 1_900 => None,
        YearDigits::Four => Some(year),
    }
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
#[path = "written_time_tests.rs"]
mod tests;
