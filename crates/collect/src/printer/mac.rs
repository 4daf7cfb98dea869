//! The address of the device's network interface.

use super::mib;
use super::view::View;
use crate::snmp::oid::Oid;
use crate::snmp::value::Value;

/// `ifType` of Ethernet-like and radio interfaces: 6 `ethernetCsmacd`, 7 `iso88023Csmacd`
/// (Brother), 71 `ieee80211`.
const NETWORK_INTERFACES: [i64; 3] = [6, 7, 71];
/// `ifOperStatus` up(1).
const OPER_UP: i64 = 1;
/// Octets of a MAC address.
const MAC_OCTETS: usize = 6;

/// The first six-octet address of a network interface that is up; then of one in whatever state;
/// then any.
pub(crate) fn mac(view: &View<'_>) -> Option<String> {
    let number = |column, index: &[u32]| {
        let value: Option<&Value> = view.get(&Oid::child(column, index));
        value.and_then(Value::as_i64)
    };
    let candidates: Vec<_> = view
        .answers
        .below(&mib::IF_PHYS_ADDRESS)
        .filter_map(|(index, value)| {
            let octets = value.as_octets()?;
            let real = octets.len() == MAC_OCTETS && octets.iter().any(|octet| *octet != 0);
            let kind = number(&mib::IF_TYPE, index);
            let network = kind.is_none_or(|kind| NETWORK_INTERFACES.contains(&kind));
            let up = number(&mib::IF_OPER_STATUS, index).is_none_or(|status| status == OPER_UP);
            real.then_some((!network, !up, octets))
        })
        .collect();
    let (.., octets) = candidates
        .into_iter()
        .min_by_key(|(foreign, down, _)| (*foreign, *down))?;
    let pairs: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    Some(pairs.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::answers;

    #[test]
    fn the_mac_is_that_of_the_interface_in_use() {
        let answers = answers(
            "1.3.6.1.2.1.2.2.1.3.1|2|24
             1.3.6.1.2.1.2.2.1.3.2|2|71
             1.3.6.1.2.1.2.2.1.3.3|2|6
             1.3.6.1.2.1.2.2.1.6.1|4|
             1.3.6.1.2.1.2.2.1.6.2|4x|c48e8fa24549
             1.3.6.1.2.1.2.2.1.6.3|4x|3ca82af638ac
             1.3.6.1.2.1.2.2.1.8.2|2|2
             1.3.6.1.2.1.2.2.1.8.3|2|1",
        );
        assert_eq!(
            mac(&View::new(&answers)).as_deref(),
            Some("3c:a8:2a:f6:38:ac")
        );
    }
}
