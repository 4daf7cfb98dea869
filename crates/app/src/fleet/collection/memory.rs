//! What is remembered of a device, as the store keeps it: which credential worked, and the
//! collector's own memory behind it.

/// The form written below; any other first byte is of no use.
const FORM: u8 = 1;

/// Packs the name of the credential that worked together with the collector's memory. Only the
/// name: secrets stay in the configuration.
pub(crate) fn pack(credential: &str, memory: &[u8]) -> Vec<u8> {
    let name = credential.as_bytes();
    let length = u8::try_from(name.len()).unwrap_or(0);
    let name = if length == 0 { &[] } else { name };
    [&[FORM, length], name, memory].concat()
}

/// Unpacks the credential's name and the collector's memory.
pub(crate) fn unpack(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (&[form, length], rest) = bytes.split_first_chunk::<2>()?;
    if form != FORM {
        return None;
    }
    let (name, memory) = rest.split_at_checked(usize::from(length))?;
    Some((std::str::from_utf8(name).ok()?, memory))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_too_long_to_pack_is_forgotten_and_the_memory_kept() {
        let packed = pack(&"n".repeat(256), b"memory");
        assert_eq!(unpack(&packed), Some(("", &b"memory"[..])));
    }

    proptest! {
        #[test]
        fn what_is_packed_reads_back(name in "[a-z]{0,40}", memory: Vec<u8>) {
            let packed = pack(&name, &memory);
            prop_assert_eq!(unpack(&packed), Some((name.as_str(), memory.as_slice())));
        }

        #[test]
        fn garbage_never_panics(bytes: Vec<u8>) {
            let fits = unpack(&bytes).is_none_or(|(name, memory)| name.len() + memory.len() + 2 == bytes.len());
            prop_assert!(fits);
        }
    }
}
