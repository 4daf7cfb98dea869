//! Taking an HTTP/1.1 body out of its framing (RFC 9112 6), and noticing when it is cut short.

use anyhow::{Context as _, Result, bail};

/// Longest line between chunks, in octets; a size has a few digits.
const LINE_MAX: usize = 1_024;

/// How the end of a body is known.
#[derive(Debug)]
pub(super) enum Framing {
    /// After so many more octets.
    Length(u64),
    /// By the last chunk.
    Chunked(Chunks),
    /// By the end of the connection.
    UntilClose,
}

/// The place in a chunked body.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    /// Octets left of this chunk.
    left: u64,
    /// The line that has begun.
    line: Vec<u8>,
    /// The chunk of size 0 was seen: trailers follow, and an empty line.
    last: bool,
    complete: bool,
}

impl Framing {
    /// The framing that a head names; its field names are in lower case.
    pub(super) fn of(field: impl Fn(&str) -> Option<String>) -> Result<Self> {
        if let Some(coding) = field("transfer-encoding") {
            if !coding.eq_ignore_ascii_case("chunked") {
                bail!("the body is {coding}, which this client does not know");
            }
            return Ok(Self::Chunked(Chunks::default()));
        }
        match field("content-length") {
            Some(length) => Ok(Self::Length(length.parse()?)),
            None => Ok(Self::UntilClose),
        }
    }

    /// Whether the body has ended by its own account.
    pub(super) fn is_complete(&self) -> bool {
        match self {
            Self::Length(left) => *left == 0,
            Self::Chunked(chunks) => chunks.complete,
            Self::UntilClose => false,
        }
    }

    /// What it means that the connection ends here.
    pub(super) fn close(&self) -> Result<()> {
        if !matches!(self, Self::UntilClose) && !self.is_complete() {
            bail!("the answer was cut short");
        }
        Ok(())
    }

    /// Hands the body's octets among `data` to `sink`.
    pub(super) fn feed(
        &mut self,
        data: &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Length(left) => {
                *left = left
                    .checked_sub(data.len() as u64)
                    .context("the body is longer than its Content-Length")?;
                sink(data)
            }
            Self::Chunked(chunks) => chunks.feed(data, sink),
            Self::UntilClose => sink(data),
        }
    }
}

impl Chunks {
    fn feed(&mut self, data: &[u8], sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut data = data;
        while !data.is_empty() && !self.complete {
            if self.left > 0 {
                let here =
                    usize::try_from(self.left).map_or(data.len(), |left| left.min(data.len()));
                let (octets, rest) = data.split_at(here);
                sink(octets)?;
                self.left -= octets.len() as u64;
                data = rest;
            } else {
                let end = data.iter().position(|octet| *octet == b'\n');
                let (line, rest) = data.split_at(end.map_or(data.len(), |end| end + 1));
                self.line.extend_from_slice(line);
                data = rest;
                self.end_line()?;
            }
        }
        Ok(())
    }

    /// Looks at the line once it has its end: a size, a trailer, or the line break after a chunk.
    fn end_line(&mut self) -> Result<()> {
        if self.line.len() > LINE_MAX {
            bail!("a line between chunks is too long");
        }
        if !self.line.ends_with(b"\n") {
            return Ok(());
        }
        let line = std::str::from_utf8(&self.line)?.trim_end();
        if line.is_empty() {
            self.complete = self.last;
        } else if !self.last {
            let size = line.split(';').next().unwrap_or_default();
            self.left = u64::from_str_radix(size.trim(), 16).context("a chunk has no size")?;
            self.last = self.left == 0;
        }
        self.line.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKED: &[u8] =
        b"4\r\nWiki\r\n6;x=y\r\npedia \r\nb\r\nin\r\nchunks.\r\n0\r\nT: x\r\n\r\n";

    fn read(framing: &mut Framing, pieces: impl Iterator<Item = Vec<u8>>) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        for piece in pieces {
            framing.feed(&piece, &mut |octets| {
                body.extend_from_slice(octets);
                Ok(())
            })?;
        }
        framing.close()?;
        Ok(body)
    }

    #[test]
    fn chunks_are_joined_wherever_the_network_cuts() {
        for size in 1..=CHUNKED.len() {
            let mut framing = Framing::Chunked(Chunks::default());
            let body = read(&mut framing, CHUNKED.chunks(size).map(<[u8]>::to_vec)).unwrap();
            assert_eq!(body, b"Wikipedia in\r\nchunks.");
            assert!(framing.is_complete());
        }
    }

    #[test]
    fn a_short_body_is_noticed() {
        let cut = CHUNKED[..CHUNKED.len() - 9].to_vec();
        let mut framing = Framing::Chunked(Chunks::default());
        assert!(read(&mut framing, std::iter::once(cut)).is_err());
        let mut framing = Framing::Length(5);
        assert!(read(&mut framing, std::iter::once(b"1234".to_vec())).is_err());
        let mut framing = Framing::Length(4);
        let body = read(&mut framing, std::iter::once(b"1234".to_vec()));
        assert_eq!(body.unwrap(), b"1234");
        assert!(framing.feed(b"5", &mut |_| Ok(())).is_err());
    }

    #[test]
    fn the_head_names_the_framing() {
        let only = |name: &'static str, value: &'static str| {
            Framing::of(move |field| (field == name).then(|| value.to_owned()))
        };
        assert!(matches!(
            only("content-length", "7").unwrap(),
            Framing::Length(7)
        ));
        assert!(matches!(
            only("transfer-encoding", "chunked").unwrap(),
            Framing::Chunked(_)
        ));
        assert!(matches!(only("x", "y").unwrap(), Framing::UntilClose));
        assert!(only("transfer-encoding", "gzip, chunked").is_err());
    }
}
