//! Words: how the variants of an enumeration are spelt wherever they leave the program.

/// Gives an enumeration without data its one spelling in the store, on the wire and in reports,
/// and a number for each word that the store may keep in its place. The numbers are the places
/// in the list from 0: a list grows at its end and never changes otherwise.
macro_rules! keywords {
    ($type:ident { $($variant:ident = $keyword:literal),+ $(,)? }) => {
        impl $type {
            /// Every variant, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling of this word.
            pub const fn keyword(self) -> &'static str {
                match self { $(Self::$variant => $keyword),+ }
            }

            /// The variant with this spelling.
            pub fn from_keyword(text: &str) -> Option<Self> {
                match text { $($keyword => Some(Self::$variant),)+ _ => None }
            }

            /// The number that stands for this word in the store.
            pub const fn number(self) -> u8 {
                self as u8
            }

            /// The variant with this number.
            pub fn from_number(number: u8) -> Option<Self> {
                Self::ALL.get(usize::from(number)).copied()
            }
        }
    };
}

pub(crate) use keywords;
