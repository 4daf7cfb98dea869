//! Words within written times: months, weekdays and halves of the day, in many languages.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What the words mean: facts of Unicode CLDR.
static TEXT: &str = include_str!("date_words.txt");

/// Words that only join the others: units behind numbers, articles, "at".
const JOINTS: &str = "年 月 日 时 時 点 點 分 秒 년 월 일 시 분 초 h min s st nd rd th t o'clock at of de del \
    den la il el le les um uhr kl klo à às a las ore о г год года г. р року ч м с gada น";

/// Halves of the day of languages in which some culture writes the month before the day (CLDR's
/// short date of en, es, fil, om, ti and others): they say nothing about the order.
const OF_MONTH_FIRST: [&str; 8] = ["a", "am", "p", "pm", "wd", "wb", "ቅቀ", "ድቀ"];

/// A half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Before noon.
    Am,
    /// After noon.
    Pm,
}

/// What a word may mean; some mean two things in two languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Meaning {
    /// A month, from 1.
    pub(super) month: Option<i8>,
    /// A half of the day.
    pub(super) half: Option<Half>,
    /// Whether cultures that write this half of the day write the day before the month.
    pub(super) is_day_first: bool,
    /// A day of the week, or a word that only joins others.
    pub(super) is_passed_over: bool,
    /// UTC.
    pub(super) is_utc: bool,
}

static WORDS: LazyLock<HashMap<&'static str, Meaning>> = LazyLock::new(|| {
    let mut words = HashMap::<&str, Meaning>::new();
    let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    for (name, list) in lines.filter_map(|line| line.split_once(": ")) {
        for word in list.split(' ') {
            let meaning = words.entry(word).or_default();
            match name {
                "am" => meaning.half = Some(Half::Am),
                "pm" => meaning.half = Some(Half::Pm),
                "weekday" => meaning.is_passed_over = true,
                _ => {
                    let month = name.strip_prefix("month-");
                    meaning.month = month.and_then(|month| month.parse().ok());
                }
            }
            meaning.is_day_first = meaning.half.is_some() && !OF_MONTH_FIRST.contains(&word);
        }
    }
    for word in JOINTS.split_ascii_whitespace() {
        words.entry(word).or_default().is_passed_over = true;
    }
    for word in ["z", "utc", "gmt"] {
        words.entry(word).or_default().is_utc = true;
    }
    words
});

/// The meaning of a word in lower case without points and blanks.
pub(super) fn meaning(word: &str) -> Option<Meaning> {
    WORDS.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_many_cultures() {
        let half = |word| meaning(word).and_then(|meaning| meaning.half);
        for word in [
            "am",
            "πμ",
            "午前",
            "上午",
            "오전",
            "de",
            "öö",
            "ص",
            "eparadites",
        ] {
            assert_eq!(half(word), Some(Half::Am), "{word}");
        }
        for word in [
            "pm",
            "μμ",
            "午後",
            "下午",
            "오후",
            "du",
            "ös",
            "م",
            "epasdites",
        ] {
            assert_eq!(half(word), Some(Half::Pm), "{word}");
        }
        let month = |word| meaning(word).and_then(|meaning| meaning.month);
        assert_eq!(month("noviembre"), Some(11));
        assert_eq!(month("märz"), Some(3));
        // November in Polish and October in Croatian: neither.
        assert_eq!(month("listopad"), None);
        assert!(meaning("tue").is_some_and(|meaning| meaning.is_passed_over));
        assert_eq!(meaning("klingon"), None);
    }

    #[test]
    fn halves_of_the_day_that_tell_the_order() {
        let tells = |word| meaning(word).is_some_and(|meaning| meaning.is_day_first);
        assert!(tells("μμ") && tells("epasdites"));
        assert!(!tells("am") && !tells("pm") && !tells("nov"));
    }
}
