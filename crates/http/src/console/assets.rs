//! Style sheet, scripts and icon: compiled in, and served under names that change with their
//! content, so that browsers may keep them for good.

/// One file that pages refer to.
#[derive(Debug)]
pub(crate) struct Asset {
    name: &'static str,
    /// Its `Content-Type`.
    pub(crate) content_type: &'static str,
    /// Its content.
    pub(crate) bytes: &'static [u8],
    fingerprint: u64,
}

macro_rules! asset {
    ($name:literal, $content_type:literal) => {
        Asset {
            name: $name,
            content_type: $content_type,
            bytes: include_bytes!(concat!("../../assets/", $name)),
            fingerprint: fnv1a(include_bytes!(concat!("../../assets/", $name))),
        }
    };
}

static ASSETS: [Asset; 6] = [
    asset!("console.css", "text/css; charset=utf-8"),
    asset!("copy.js", "text/javascript; charset=utf-8"),
    asset!("dialogs.js", "text/javascript; charset=utf-8"),
    asset!("downloads.js", "text/javascript; charset=utf-8"),
    asset!("forms.js", "text/javascript; charset=utf-8"),
    asset!("platen.svg", "image/svg+xml"),
];

/// FNV-1a, 64 bits: tells one version of a file from the next, and guards nothing.
const fn fnv1a(mut bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    while let [byte, rest @ ..] = bytes {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0100_0000_01b3);
        bytes = rest;
    }
    hash
}

impl Asset {
    /// The name it is served under: `console-0123456789abcdef.css`.
    fn served_name(&self) -> String {
        let (stem, extension) = self.name.rsplit_once('.').unwrap_or((self.name, ""));
        format!("{stem}-{:016x}.{extension}", self.fingerprint)
    }
}

/// The asset served under this name; `None` for any other, older versions included.
pub(crate) fn find(served_name: &str) -> Option<&'static Asset> {
    ASSETS
        .iter()
        .find(|asset| asset.served_name() == served_name)
}

/// The address of an asset, for templates; a name that does not exist leads nowhere and fails
/// the test that follows every address of every page.
pub(crate) fn href(name: &str) -> String {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let served = asset.map_or_else(|| name.to_owned(), Asset::served_name);
    format!("/assets/{served}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_finds_its_asset_and_no_other_name_does() {
        for asset in &ASSETS {
            let href = href(asset.name);
            let served = href.strip_prefix("/assets/").unwrap();
            assert_eq!(find(served).unwrap().name, asset.name);
        }
        for unknown in [
            "",
            "console.css",
            "console-0000000000000000.css",
            "../Cargo.toml",
        ] {
            assert!(find(unknown).is_none(), "{unknown}");
        }
    }

    #[test]
    fn the_fingerprint_follows_the_published_vectors() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    /// Trusted Types and the content security policy refuse these at run time; this finds them
    /// without a browser.
    #[test]
    fn scripts_use_no_sink_that_the_policy_refuses() {
        for asset in ASSETS
            .iter()
            .filter(|asset| asset.content_type.contains("javascript"))
        {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            for sink in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
            ] {
                assert!(!text.contains(sink), "{}: {sink}", asset.name);
            }
        }
    }
}
