//! Lists in pages.
//!
//! A cursor is base64url (RFC 4648, 5) of the place of a page's last item: the list's name and
//! what the list is sorted by. It grants nothing, so it is not signed: whoever makes one up begins
//! somewhere else in a list that they may read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use platen_store::{Listed, Place};

use super::AccountsRefusal;

/// Items on a page at most.
pub const PAGE_ITEMS_MAX: u32 = 1_000;

/// Items on a page unless the request says otherwise.
pub const PAGE_ITEMS: u32 = 100;

/// Longest cursor that is looked at, in octets: the longest name a list is sorted by (255 characters
/// are 1,360 octets of Base64 at most), and to spare. It fits into an address beside filters.
pub const CURSOR_OCTETS_MAX: usize = 2_048;

/// Ends the name of the list within a cursor, and each text.
const END: u8 = 0;

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The cursor that the page before it gave; `None` is the first page. Opaque to callers, and
    /// good only for the list and order it came from.
    pub after: Option<String>,
    /// Items at most, 1 to [`PAGE_ITEMS_MAX`].
    pub items: u32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its items, in the list's order.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last one.
    pub next: Option<String>,
}

/// One thing that a list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// A number.
    Number(i64),
    /// A text without a zero octet.
    Text(String),
}

/// A place in a list: what its item was sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor(pub(crate) Vec<Part>);

impl Cursor {
    /// As callers get it; `list` names the list and its order.
    pub(crate) fn text(&self, list: &str) -> String {
        let mut octets = ended(list);
        for part in &self.0 {
            match part {
                Part::Number(number) => {
                    octets.push(b'n');
                    octets.extend(number.to_be_bytes());
                }
                Part::Text(text) => {
                    octets.push(b't');
                    octets.extend(ended(text));
                }
            }
        }
        URL_SAFE_NO_PAD.encode(octets)
    }

    /// What [`text`](Self::text) made for the same list; anything else is refused.
    pub(crate) fn read(list: &str, cursor: &str) -> Result<Self, AccountsRefusal> {
        let read = || {
            let short = Some(cursor).filter(|cursor| cursor.len() <= CURSOR_OCTETS_MAX)?;
            let octets = URL_SAFE_NO_PAD.decode(short).ok()?;
            parts(octets.strip_prefix(ended(list).as_slice())?)
        };
        read().map(Self).ok_or_else(foreign_cursor)
    }
}

fn ended(text: &str) -> Vec<u8> {
    let mut octets = text.as_bytes().to_vec();
    octets.push(END);
    octets
}

fn parts(mut octets: &[u8]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    while let Some((kind, rest)) = octets.split_first() {
        octets = match kind {
            b'n' => {
                let (number, rest) = rest.split_first_chunk()?;
                parts.push(Part::Number(i64::from_be_bytes(*number)));
                rest
            }
            b't' => {
                let end = rest.iter().position(|octet| *octet == END)?;
                let (text, rest) = rest.split_at_checked(end)?;
                parts.push(Part::Text(String::from_utf8(text.to_vec()).ok()?));
                rest.split_first()?.1
            }
            _ => return None,
        };
    }
    Some(parts)
}

/// Items that a request may ask for.
pub(crate) fn check_items(page: &PageRequest) -> Result<u32, AccountsRefusal> {
    let fits = (1..=PAGE_ITEMS_MAX).contains(&page.items);
    fits.then_some(page.items)
        .ok_or_else(|| AccountsRefusal::Invalid {
            field: "limit",
            reason: format!("expected 1 to {PAGE_ITEMS_MAX} items a page"),
        })
}

/// A page of a list: `read` gets the cursor it begins behind, and how many items to read; `cursor`
/// says where an item stands.
pub(crate) fn paged<T>(
    list: &str,
    page: &PageRequest,
    read: impl FnOnce(Option<Cursor>, u32) -> Result<Vec<T>, AccountsRefusal>,
    cursor: impl FnOnce(&T) -> Cursor,
) -> Result<Page<T>, AccountsRefusal> {
    let items = check_items(page)?;
    let after = page.after.as_deref().map(|text| Cursor::read(list, text));
    // One more than asked for says whether there is a next page.
    let mut found = read(after.transpose()?, items.saturating_add(1))?;
    let items = usize::try_from(items).unwrap_or(usize::MAX);
    let more = found.len() > items;
    found.truncate(items);
    let end = found.last().filter(|_| more);
    let next = end.map(|end| cursor(end).text(list));
    Ok(Page { items: found, next })
}

impl<T> Page<T> {
    /// The page with something else made of each item.
    pub(crate) fn try_map<U, E>(self, map: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let items = self.items.into_iter().map(map).collect::<Result<_, _>>()?;
        let next = self.next;
        Ok(Page { items, next })
    }
}

/// A page of a list that the store reads by [`Place`]: `read` gets the place it begins behind, and
/// how many items to read.
pub(crate) fn listed<T>(
    list: &str,
    page: &PageRequest,
    read: impl FnOnce(Option<&Place>, u32) -> Result<Vec<Listed<T>>, AccountsRefusal>,
) -> Result<Page<T>, AccountsRefusal> {
    let from = |after: Option<Cursor>, items| {
        let after = after.map(|cursor| place(&cursor)).transpose()?;
        read(after.as_ref(), items)
    };
    let found = paged(list, page, from, |listed| cursor_of(&listed.place))?;
    found.try_map(|listed| Ok(listed.item))
}

fn cursor_of(place: &Place) -> Cursor {
    Cursor(vec![
        Part::Text(place.key.clone()),
        Part::Number(place.number),
    ])
}

fn place(cursor: &Cursor) -> Result<Place, AccountsRefusal> {
    match cursor.0.as_slice() {
        [Part::Text(key), Part::Number(number)] => Ok(Place {
            key: key.clone(),
            number: *number,
        }),
        _ => Err(foreign_cursor()),
    }
}

/// What is said of a cursor that this list did not give.
pub(crate) fn foreign_cursor() -> AccountsRefusal {
    AccountsRefusal::Invalid {
        field: "cursor",
        reason: "expected the cursor of a page of this list, in this order".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part() -> impl Strategy<Value = Part> {
        prop_oneof![
            any::<i64>().prop_map(Part::Number),
            "[^\0]{0,40}".prop_map(Part::Text),
        ]
    }

    proptest! {
        #[test]
        fn cursors_read_back_for_their_own_list_alone(
            parts in prop::collection::vec(part(), 0..4)
        ) {
            let cursor = Cursor(parts);
            let text = cursor.text("accounts");
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
            prop_assert_eq!(Cursor::read("accounts", &text).ok(), Some(cursor));
            prop_assert!(Cursor::read("account", &text).is_err());
            prop_assert!(Cursor::read("accounts/name", &text).is_err());
        }

        #[test]
        fn no_text_makes_a_reader_of_cursors_panic(text in any::<String>(), octets: Vec<u8>) {
            let forged = [b"list\0".as_slice(), &octets].concat();
            for text in [text, URL_SAFE_NO_PAD.encode(forged)] {
                if let Ok(cursor) = Cursor::read("list", &text) {
                    prop_assert_eq!(cursor.text("list"), text);
                }
            }
        }
    }

    #[test]
    fn a_page_says_whether_there_is_a_next_one() {
        let read = |after: Option<&Place>, items: u32| {
            let first = after.map_or(0, |place| place.number + 1);
            let numbers = (first..5).take(usize::try_from(items).unwrap());
            let item = |number| Listed {
                item: number,
                place: Place {
                    key: String::new(),
                    number,
                },
            };
            Ok(numbers.map(item).collect())
        };
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let request = PageRequest { after, items: 2 };
            let page = listed("numbers", &request, read).unwrap();
            seen.push(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [vec![0, 1], vec![2, 3], vec![4]]);
        for items in [0, PAGE_ITEMS_MAX + 1] {
            let request = PageRequest { after: None, items };
            assert!(listed("numbers", &request, read).is_err());
        }
    }
}
