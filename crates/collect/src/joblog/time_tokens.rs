//! Numbers, words and marks of a written time.

/// Longest text in characters that can be a time: the longest that cultures write has 60.
const CHARS_MAX: usize = 80;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Number(Number),
    /// A word in lower case without points within.
    Word(String),
    Mark(char),
    Blank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: u64,
    pub(super) digits: usize,
}

/// Takes a text apart; `None` for one that is too long to be a time.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    for (index, c) in text.chars().enumerate() {
        if index >= CHARS_MAX {
            return None;
        }
        match c {
            // Marks of direction, which Windows writes around numbers.
            '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{61C}'
            | '\u{FEFF}' => {}
            _ if c.is_whitespace() => tokens.push(Token::Blank),
            _ if digit(c).is_some() => push_digit(&mut tokens, digit(c)?)?,
            '年' | '月' | '日' | '时' | '時' | '点' | '點' | '分' | '秒' | '년' | '월' | '일'
            | '시' | '분' | '초' => {
                // Units stand alone, whatever follows them at once.
                tokens.push(Token::Word(c.to_string()));
                tokens.push(Token::Blank);
            }
            ':'
            | '：'
            | '/'
            | '-'
            | '+'
            | '.'
            | ','
            | '\u{2010}'..='\u{2013}'
            | '−'
            | '،'
            | '('
            | ')'
            | '['
            | ']'
            | '|'
            | ';' => tokens.push(Token::Mark(plain_mark(c))),
            '\'' | '’' | 'ʼ' => {}
            _ => push_letter(&mut tokens, c),
        }
    }
    Some(tokens)
}

/// A decimal digit of ASCII, of Arabic, of Persian or of full width.
fn digit(c: char) -> Option<u64> {
    let value = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        '٠'..='٩' => u32::from(c) - u32::from('٠'),
        '۰'..='۹' => u32::from(c) - u32::from('۰'),
        '０'..='９' => u32::from(c) - u32::from('０'),
        _ => return None,
    };
    Some(value.into())
}

const fn plain_mark(c: char) -> char {
    match c {
        '：' => ':',
        '\u{2010}'..='\u{2013}' | '−' => '-',
        '،' => ',',
        other => other,
    }
}

fn push_digit(tokens: &mut Vec<Token>, digit: u64) -> Option<()> {
    if let Some(Token::Number(number)) = tokens.last_mut() {
        number.value = number.value.checked_mul(10)?.checked_add(digit)?;
        number.digits += 1;
    } else {
        let number = Number {
            value: digit,
            digits: 1,
        };
        tokens.push(Token::Number(number));
    }
    Some(())
}

fn push_letter(tokens: &mut Vec<Token>, c: char) {
    let lower = c.to_lowercase();
    match tokens.last_mut() {
        Some(Token::Word(word)) => word.extend(lower),
        _ => tokens.push(Token::Word(lower.collect())),
    }
}

impl Token {
    pub(super) const fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    pub(super) fn is_mark(&self, of: &[char]) -> bool {
        matches!(self, Self::Mark(mark) if of.contains(mark))
    }

    pub(super) const fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_unit_of_time(&self) -> bool {
        let unit = |word| {
            matches!(
                word,
                "h" | "min" | "ч" | "м" | "时" | "時" | "点" | "點" | "分" | "시" | "분"
            )
        };
        self.word().is_some_and(unit)
    }
}
