//! Which device is it? The one place for the rule.
//!
//! Claims count strongest first: serial number with maker, then MAC address; the address is a
//! locator and decides only where nothing better is stated. Serial numbers are missing, filler
//! or shared by several devices, so two claims together outweigh one. A UUID is told by IPP alone
//! and sometimes by several devices alike: it follows a device to another address, and tells two
//! at one address apart.
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
//! | unknown or not stated | unknown or not stated | who was at this address, if nothing speaks against it; else the UUID's device, unless of another serial number; else new |
//!
//! Against whom was at the address speaks a claim of its own of a kind that is stated otherwise
//! now, and another model, since silence contradicts nothing. The model does not count beside a
//! UUID: IPP names models otherwise than SNMP.
//!
//! A device that answers at its own address as well is not the one that answers here: two hosts that
//! state one identity at the same time are two devices, and that is a finding (`claims.rs`).
//!
//! The same number under another maker's name is no other serial number where the MAC address or
//! the address agrees: what a maker is called changes with the rules that read it.

/// What an answer states, in the spelling of claims.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Stated<'a> {
    pub(crate) serial: Option<&'a str>,
    pub(crate) mac: Option<&'a str>,
    pub(crate) uuid: Option<&'a str>,
    pub(crate) model: Option<&'a str>,
}

/// A device that one of the claims points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) device_no: i64,
    pub(crate) has_serial: bool,
    pub(crate) has_mac: bool,
    pub(crate) has_uuid: bool,
    /// The serial number it stated last, in the spelling of claims, without the maker.
    pub(crate) serial: Option<String>,
    pub(crate) model: Option<String>,
}

/// The devices that hold the stated serial number, MAC address, UUID and address.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    pub(crate) serial: Option<Candidate>,
    pub(crate) mac: Option<Candidate>,
    pub(crate) uuid: Option<Candidate>,
    pub(crate) address: Option<Candidate>,
}

impl Candidates {
    /// Leaves a device out that is known not to have answered.
    pub(crate) fn forget(&mut self, device_no: i64) {
        let holders = [&mut self.serial, &mut self.mac, &mut self.uuid];
        for holder in holders {
            if holder
                .as_ref()
                .is_some_and(|held| held.device_no == device_no)
            {
                *holder = None;
            }
        }
    }
}

/// The number of the device that answered; `None` when it is a new one.
pub(crate) fn decide(stated: Stated<'_>, candidates: &Candidates) -> Option<i64> {
    let Candidates {
        serial,
        mac,
        uuid,
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
        (None, Some(mac)) => (!has_another_serial(stated, mac)).then_some(mac),
        (None, None) => {
            let there = address.as_ref();
            let there = there.filter(|there| fits(stated, there, uuid.as_ref()));
            let known = uuid.as_ref();
            there.or(known.filter(|known| !has_another_serial(stated, known)))
        }
    };
    same.map(|device| device.device_no)
}

/// Whether nothing speaks against an answer coming from the device last seen at its address,
/// neither of whose other claims are anybody's. `by_uuid` holds the stated UUID.
fn fits(stated: Stated<'_>, there: &Candidate, by_uuid: Option<&Candidate>) -> bool {
    let its_uuid = by_uuid.is_some_and(|known| known.device_no == there.device_no);
    let contradicted = (stated.serial.is_some() && there.has_serial)
        || (stated.mac.is_some() && there.has_mac)
        || (stated.uuid.is_some() && there.has_uuid && !its_uuid);
    let other_model = stated.uuid.is_none()
        && stated.model.is_some()
        && there.model.is_some()
        && stated.model != there.model.as_deref();
    same_number(stated, there) || (!contradicted && !other_model)
}

fn has_another_serial(stated: Stated<'_>, device: &Candidate) -> bool {
    stated.serial.is_some() && device.has_serial && !same_number(stated, device)
}

/// Whether the serial number is that of `device`, whatever its maker is called.
fn same_number(stated: Stated<'_>, device: &Candidate) -> bool {
    let number = stated.serial.and_then(|serial| serial.rsplit_once('/'));
    number.is_some_and(|(_, number)| device.serial.as_deref() == Some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who holds a claim, and which kinds of claims of its own it has.
    #[derive(Debug, Clone, Copy)]
    enum Holder {
        Nobody,
        /// Serial number and MAC address.
        Full(i64),
        Serial(i64),
        Mac(i64),
        Anonymous(i64),
    }
    use Holder::{Anonymous, Full, Mac, Nobody, Serial};

    const A: i64 = 1;
    const B: i64 = 2;
    const NEW: Option<i64> = None;

    impl Holder {
        fn candidate(self) -> Option<Candidate> {
            let (device_no, has_serial, has_mac) = match self {
                Nobody => return None,
                Full(device) => (device, true, true),
                Serial(device) => (device, true, false),
                Mac(device) => (device, false, true),
                Anonymous(device) => (device, false, false),
            };
            Some(Candidate {
                device_no,
                has_serial,
                has_mac,
                has_uuid: false,
                serial: has_serial.then(|| device_no.to_string()),
                model: Some("MX711".to_owned()),
            })
        }
    }

    fn stated(serial: bool, mac: bool, model: Option<&str>) -> Stated<'_> {
        Stated {
            serial: serial.then_some("lexmark/7016"),
            mac: mac.then_some("00:00:00:00:00:01"),
            uuid: None,
            model,
        }
    }

    fn decided(stated: Stated<'_>, [serial, mac, address]: [Holder; 3]) -> Option<i64> {
        let candidates = Candidates {
            serial: serial.candidate(),
            mac: mac.candidate(),
            uuid: None,
            address: address.candidate(),
        };
        decide(stated, &candidates)
    }

    #[test]
    #[rustfmt::skip]
    fn each_row_of_the_table_decides_as_written() {
        let both = stated(true, true, Some("MX711"));
        let serial = stated(true, false, Some("MX711"));
        let mac = stated(false, true, Some("MX711"));
        let neither = stated(false, false, Some("MX711"));
        // stated, who holds [the serial number, the MAC address, the address], decision
        let rows = [
            ("both agree", both, [Full(A), Full(A), Nobody], Some(A)),
            ("both agree, DHCP", both, [Full(A), Full(A), Full(B)], Some(A)),
            ("network card changed", both, [Full(A), Nobody, Full(A)], Some(A)),
            ("serial shared", both, [Full(A), Nobody, Nobody], NEW),
            ("serial shared, DHCP", both, [Full(A), Nobody, Full(B)], NEW),
            ("namesake again", both, [Full(A), Mac(B), Nobody], Some(B)),
            ("network card moved here", both, [Full(A), Full(B), Full(A)], Some(A)),
            ("MAC not stated", serial, [Full(A), Nobody, Full(B)], Some(A)),
            ("MAC not known before", both, [Serial(A), Nobody, Nobody], Some(A)),
            ("new serial, known card", both, [Nobody, Full(B), Full(B)], NEW),
            ("serial told later", both, [Nobody, Mac(B), Nobody], Some(B)),
            ("serial silent", mac, [Nobody, Full(B), Nobody], Some(B)),
            ("anonymous tells more", both, [Nobody, Nobody, Anonymous(A)], Some(A)),
            ("DHCP, another serial", both, [Nobody, Nobody, Full(A)], NEW),
            ("asleep", neither, [Nobody, Nobody, Full(A)], Some(A)),
            ("anonymous again", neither, [Nobody, Nobody, Anonymous(A)], Some(A)),
            ("nobody there before", neither, [Nobody, Nobody, Nobody], NEW),
            ("SNMP off, IPP tells a serial", serial, [Nobody, Nobody, Mac(A)], Some(A)),
        ];
        for (case, stated, holders, expected) in rows {
            assert_eq!(decided(stated, holders), expected, "{case}");
        }
    }

    #[test]
    fn a_maker_of_another_name_makes_no_other_device() {
        let renamed = Stated {
            serial: Some("lexmark international/1"),
            ..stated(true, true, Some("MX711"))
        };
        assert_eq!(decided(renamed, [Nobody, Full(A), Full(A)]), Some(A));
        assert_eq!(decided(renamed, [Nobody, Nobody, Serial(A)]), Some(A));
        assert_eq!(decided(renamed, [Nobody, Full(B), Full(B)]), NEW);
    }

    #[test]
    fn a_uuid_follows_a_device_and_parts_two_at_one_address() {
        let stated = Stated {
            uuid: Some("67bbb526-3a17-474f-a567-2ca5f6156613"),
            ..stated(false, false, Some("MX711de"))
        };
        let told = |holder: Holder| {
            let candidate = holder.candidate()?;
            Some(Candidate {
                has_uuid: true,
                ..candidate
            })
        };
        let decided = |uuid, address| {
            let candidates = Candidates {
                uuid,
                address,
                ..Candidates::default()
            };
            decide(stated, &candidates)
        };
        let (a, b) = (|| told(Anonymous(A)), || told(Anonymous(B)));
        assert_eq!(decided(a(), None), Some(A), "moved");
        assert_eq!(decided(a(), a()), Some(A), "still there");
        assert_eq!(decided(a(), b()), Some(A), "moved to where another was");
        assert_eq!(decided(None, b()), NEW, "another at its address");
        // Known by SNMP, under another model's name.
        assert_eq!(decided(None, Full(B).candidate()), Some(B));
        assert_eq!(decided(a(), Full(B).candidate()), Some(B));
    }

    #[test]
    fn another_model_at_an_address_is_another_device() {
        for holder in [Anonymous(A), Full(A)] {
            let there = [Nobody, Nobody, holder];
            let other = stated(false, false, Some("HL-L8260CDW"));
            assert_eq!(decided(other, there), NEW);
            assert_eq!(decided(stated(false, false, None), there), Some(A));
        }
    }
}
