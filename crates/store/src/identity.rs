//! Which device is it? The one place for the rule.
//!
//! Claims count strongest first: serial number with maker, then MAC address; the address is a
//! locator and decides only where nothing better is stated. Serial numbers are missing, filler
//! or shared by several devices (facts of the field: GLPI and LibreNMS keep lists of them), so
//! two claims together outweigh one:
//!
//! | the serial's device | the MAC's device | decision |
//! |---|---|---|
//! | A | A | A |
//! | A, other MAC known, at this address | unknown | A: its network card was changed |
//! | A, other MAC known, elsewhere | unknown | new: the serial number is shared |
//! | A | B, no serial of its own | B: met before as A's namesake, or before it told its serial |
//! | A | B, another serial | A: the network card moved from B |
//! | A | none stated, or A has none | A |
//! | unknown | B, another serial | new: the network card moved from B |
//! | unknown or not stated | B otherwise | B |
//! | unknown | unknown | who was at this address, if it never stated a claim and is of no other model; else new |
//! | not stated | not stated | who was at this address, unless it is of another model: silence contradicts nothing |

/// What an answer states, in the spelling of claims.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Stated<'a> {
    pub(crate) serial: Option<&'a str>,
    pub(crate) mac: Option<&'a str>,
    pub(crate) model: Option<&'a str>,
}

/// A device that one of the claims points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) device_no: i64,
    pub(crate) has_serial: bool,
    pub(crate) has_mac: bool,
    pub(crate) model: Option<String>,
}

/// The devices that hold the stated serial number, MAC address and address.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    pub(crate) serial: Option<Candidate>,
    pub(crate) mac: Option<Candidate>,
    pub(crate) address: Option<Candidate>,
}

/// The number of the device that answered; `None` when it is a new one.
pub(crate) fn decide(stated: Stated<'_>, candidates: &Candidates) -> Option<i64> {
    let Candidates {
        serial,
        mac,
        address,
    } = candidates;
    let at_address = |device: &Candidate| {
        address
            .as_ref()
            .is_some_and(|there| there.device_no == device.device_no)
    };
    let same = match (serial, mac) {
        (Some(serial), Some(mac)) => Some(if mac.has_serial { serial } else { mac }),
        (Some(serial), None) => {
            let namesake = stated.mac.is_some() && serial.has_mac && !at_address(serial);
            (!namesake).then_some(serial)
        }
        (None, Some(mac)) => {
            let card_moved = stated.serial.is_some() && mac.has_serial;
            (!card_moved).then_some(mac)
        }
        (None, None) => address.as_ref().filter(|there| fits(stated, there)),
    };
    same.map(|device| device.device_no)
}

/// Whether nothing speaks against an answer coming from the device last seen at its address.
fn fits(stated: Stated<'_>, there: &Candidate) -> bool {
    let silent = stated.serial.is_none() && stated.mac.is_none();
    let anonymous = !there.has_serial && !there.has_mac;
    let other_model =
        stated.model.is_some() && there.model.is_some() && stated.model != there.model.as_deref();
    (silent || anonymous) && !other_model
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: i64 = 1;
    const B: i64 = 2;

    /// A device with (`serial`, `mac`) known.
    fn device(device_no: i64, has_serial: bool, has_mac: bool) -> Option<Candidate> {
        Some(Candidate {
            device_no,
            has_serial,
            has_mac,
            model: Some("MX711".to_owned()),
        })
    }

    fn stated(serial: bool, mac: bool) -> Stated<'static> {
        Stated {
            serial: serial.then_some("lexmark/1"),
            mac: mac.then_some("00:00:00:00:00:01"),
            model: Some("MX711"),
        }
    }

    #[test]
    fn each_row_of_the_table_decides_as_written() {
        let full = |no| device(no, true, true);
        let rows: [(&str, Stated<'_>, [Option<Candidate>; 3], Option<i64>); 17] = [
            (
                "both agree",
                stated(true, true),
                [full(A), full(A), None],
                Some(A),
            ),
            (
                "both agree, other address",
                stated(true, true),
                [full(A), full(A), full(B)],
                Some(A),
            ),
            (
                "card changed",
                stated(true, true),
                [full(A), None, full(A)],
                Some(A),
            ),
            (
                "serial shared",
                stated(true, true),
                [full(A), None, None],
                None,
            ),
            (
                "serial shared, DHCP",
                stated(true, true),
                [full(A), None, full(B)],
                None,
            ),
            (
                "namesake again",
                stated(true, true),
                [full(A), device(B, false, true), None],
                Some(B),
            ),
            (
                "card moved here",
                stated(true, true),
                [full(A), full(B), full(A)],
                Some(A),
            ),
            (
                "no MAC stated",
                stated(true, false),
                [full(A), None, full(B)],
                Some(A),
            ),
            (
                "MAC was unknown",
                stated(true, true),
                [device(A, true, false), None, None],
                Some(A),
            ),
            (
                "new serial, known card",
                stated(true, true),
                [None, full(B), full(B)],
                None,
            ),
            (
                "serial told later",
                stated(true, true),
                [None, device(B, false, true), None],
                Some(B),
            ),
            (
                "serial silent",
                stated(false, true),
                [None, full(B), None],
                Some(B),
            ),
            (
                "anonymous tells more",
                stated(true, true),
                [None, None, device(A, false, false)],
                Some(A),
            ),
            (
                "DHCP, another serial",
                stated(true, true),
                [None, None, full(A)],
                None,
            ),
            (
                "asleep",
                stated(false, false),
                [None, None, full(A)],
                Some(A),
            ),
            (
                "anonymous again",
                stated(false, false),
                [None, None, device(A, false, false)],
                Some(A),
            ),
            (
                "nobody there",
                stated(false, false),
                [None, None, None],
                None,
            ),
        ];
        for (case, stated, [serial, mac, address], expected) in rows {
            let candidates = Candidates {
                serial,
                mac,
                address,
            };
            assert_eq!(decide(stated, &candidates), expected, "{case}");
        }
    }

    #[test]
    fn another_model_at_an_address_is_another_device() {
        for known in [device(A, false, false), device(A, true, true)] {
            let candidates = Candidates {
                address: known,
                ..Candidates::default()
            };
            let mut stated = stated(false, false);
            stated.model = Some("HL-L8260CDW");
            assert_eq!(decide(stated, &candidates), None);
            stated.model = None;
            assert_eq!(decide(stated, &candidates), Some(A));
        }
    }
}
