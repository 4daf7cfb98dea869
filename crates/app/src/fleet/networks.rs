//! Networks that may be asked, and those that never are.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Ports that print whatever arrives (`JetDirect` and its siblings): never spoken to.
pub const RAW_PRINT_PORTS: RangeInclusive<u16> = 9100..=9107;

/// A block of addresses in CIDR notation (RFC 4632, RFC 4291).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    first: IpAddr,
    prefix: u8,
}

/// The text is no block of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseNetworkError {
    /// Not an address, or not a prefix length.
    #[error("expected a block of addresses such as 10.1.0.0/24, 192.0.2.7/32 or 2001:db8::/120")]
    Malformed,
    /// Bits are set behind the prefix: the writer meant another block.
    #[error("the address has bits behind its prefix; did you mean {0}?")]
    HostBits(Network),
}

impl Network {
    /// The first address, which names it.
    pub const fn first(self) -> IpAddr {
        self.first
    }

    /// How many addresses it has, network and broadcast address included.
    pub fn size(self) -> u128 {
        1_u128.checked_shl(self.host_bits()).unwrap_or(u128::MAX)
    }

    /// Whether `address` lies in it.
    pub fn contains(self, address: IpAddr) -> bool {
        let shift = self.host_bits();
        let block = |bits: u128| bits.checked_shr(shift).unwrap_or(0);
        address.is_ipv4() == self.first.is_ipv4() && block(bits(address)) == block(bits(self.first))
    }

    /// The addresses a printer can have, lowest first: without the network and the broadcast
    /// address where the block has them (RFC 3021 exempts /31 and /32).
    pub fn hosts(self) -> impl Iterator<Item = IpAddr> + Send {
        let first = bits(self.first);
        let last = first.saturating_add(self.size() - 1);
        let ends = u128::from(self.first.is_ipv4() && self.prefix < 31);
        let is_ipv4 = self.first.is_ipv4();
        (first + ends..=last - ends).map(move |bits| address(bits, is_ipv4))
    }

    fn host_bits(self) -> u32 {
        let width: u32 = if self.first.is_ipv4() { 32 } else { 128 };
        width - u32::from(self.prefix)
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_bits().into(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn address(bits: u128, is_ipv4: bool) -> IpAddr {
    match u32::try_from(bits) {
        Ok(bits) if is_ipv4 => Ipv4Addr::from_bits(bits).into(),
        _ => Ipv6Addr::from_bits(bits).into(),
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

impl FromStr for Network {
    type Err = ParseNetworkError;

    fn from_str(text: &str) -> Result<Self, ParseNetworkError> {
        let malformed = ParseNetworkError::Malformed;
        let (host, prefix) = text.trim().split_once('/').ok_or(malformed.clone())?;
        let host: IpAddr = host.parse().map_err(|_unspecific| malformed.clone())?;
        let prefix: u8 = prefix.parse().map_err(|_unspecific| malformed.clone())?;
        if prefix > if host.is_ipv4() { 32 } else { 128 } {
            return Err(malformed);
        }
        let shift = Self {
            first: host,
            prefix,
        }
        .host_bits();
        let block = bits(host).checked_shr(shift).unwrap_or(0);
        let first = block.checked_shl(shift).unwrap_or(0);
        let network = Self {
            first: address(first, host.is_ipv4()),
            prefix,
        };
        if network.first == host {
            Ok(network)
        } else {
            Err(ParseNetworkError::HostBits(network))
        }
    }
}

/// Why an address is never asked, though a range may hold it.
///
/// The collector must not be turned against the server's own machine, a cloud's metadata
/// service, or everybody at once. Spellings of version 4 addresses within version 6 (mapped,
/// NAT64, 6to4) are refused as such: a printer is written in its own form.
pub fn denied(address: IpAddr, range: Network) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => denied_v4(v4, range),
        IpAddr::V6(v6) => denied_v6(v6),
    }
}

fn denied_v4(address: Ipv4Addr, range: Network) -> Option<&'static str> {
    let first_octet = address.octets().first().copied();
    if address.is_loopback() && !lies_in_loopback(range) {
        Some("loopback is asked only where a range lies wholly inside 127.0.0.0/8")
    } else if first_octet == Some(0) {
        Some("0.0.0.0/8 names this host")
    } else if address.is_link_local() {
        Some("169.254.0.0/16 is link-local, and where clouds keep their metadata service")
    } else if address.is_multicast() {
        Some("224.0.0.0/4 is multicast")
    } else if first_octet.is_some_and(|octet| octet >= 240) {
        Some("240.0.0.0/4 is reserved, and ends in the broadcast address")
    } else {
        None
    }
}

fn denied_v6(address: Ipv6Addr) -> Option<&'static str> {
    let [a, b, ..] = address.segments();
    if address.is_loopback() || address.is_unspecified() {
        Some("it names this host")
    } else if address.is_multicast() {
        Some("ff00::/8 is multicast")
    } else if address.is_unicast_link_local() {
        Some("fe80::/10 is link-local")
    } else if address.to_ipv4().is_some() || (a, b) == (0x64, 0xff9b) || a == 0x2002 {
        Some("it is a version 4 address in disguise")
    } else {
        None
    }
}

/// The loopback network counts only when asked for alone: a typo such as `0.0.0.0/0` must not
/// reach the server's own services.
fn lies_in_loopback(range: Network) -> bool {
    range.prefix >= 8 && matches!(range.first, IpAddr::V4(first) if first.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    fn hosts(text: &str) -> Vec<String> {
        network(text).hosts().map(|a| a.to_string()).collect()
    }

    #[test]
    fn hosts_leave_out_network_and_broadcast_address() {
        assert_eq!(hosts("192.0.2.0/30"), ["192.0.2.1", "192.0.2.2"]);
        assert_eq!(hosts("192.0.2.0/31"), ["192.0.2.0", "192.0.2.1"]);
        assert_eq!(hosts("192.0.2.7/32"), ["192.0.2.7"]);
        assert_eq!(hosts("2001:db8::/127"), ["2001:db8::", "2001:db8::1"]);
    }

    #[test]
    fn a_typo_is_answered_with_what_was_meant() {
        let parse = |text: &str| text.parse::<Network>().map_err(|e| e.to_string());
        let meant = "the address has bits behind its prefix; did you mean 10.1.0.0/24?";
        assert_eq!(parse("10.1.0.5/24"), Err(meant.to_owned()));
        for text in [
            "",
            "10.1.0.0",
            "10.1.0.0/33",
            "10.1/16",
            "::/129",
            "a/8",
            "10.0.0.0/-1",
        ] {
            assert_eq!(
                parse(text),
                Err(ParseNetworkError::Malformed.to_string()),
                "{text}"
            );
        }
    }

    #[test]
    fn dangerous_addresses_are_denied_in_every_range() {
        let everything = [network("0.0.0.0/0"), network("::/0")];
        for text in [
            "127.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "239.255.255.250",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "::1",
            "ff02::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
        ] {
            let address = text.parse().unwrap();
            assert!(
                everything.iter().all(|n| denied(address, *n).is_some()),
                "{text}"
            );
        }
        for text in [
            "10.0.0.1",
            "192.168.7.9",
            "203.0.113.5",
            "2001:db8::5",
            "fd00::5",
        ] {
            let address = text.parse().unwrap();
            assert!(
                everything.iter().all(|n| denied(address, *n).is_none()),
                "{text}"
            );
        }
    }

    #[test]
    fn loopback_is_asked_only_when_meant() {
        let address = "127.77.0.1".parse().unwrap();
        assert_eq!(denied(address, network("127.77.0.0/24")), None);
        assert_eq!(denied(address, network("127.0.0.0/8")), None);
        assert!(denied(address, network("126.0.0.0/7")).is_some());
    }

    proptest! {
        #[test]
        fn a_block_contains_its_hosts_and_reads_back(bits: u32, prefix in 20_u8..=32) {
            let shift = u32::from(32 - prefix);
            let first = Ipv4Addr::from_bits(bits.checked_shr(shift).unwrap_or(0) << shift);
            let block = network(&format!("{first}/{prefix}"));
            prop_assert_eq!(network(&block.to_string()), block);
            prop_assert!(block.hosts().all(|host| block.contains(host)));
            prop_assert!(block.hosts().count() as u128 <= block.size());
            prop_assert!(!block.contains(IpAddr::from(Ipv6Addr::from_bits(bits.into()))));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let parsed = text.parse::<Network>();
            prop_assert!(parsed.is_err() || text.contains('/'));
        }
    }
}
