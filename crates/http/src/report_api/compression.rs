//! Content codings, written as one stream per answer: several gzip members in one body break
//! curl, Chromium and others without a word.

use std::io::{self, Write as _};
use std::mem;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::report_api::negotiation::Coding;

/// Level of gzip, of 9: beyond it reports get hardly smaller and much slower to write.
const GZIP_LEVEL: u32 = 4;

/// Level of zstd, of 19.
const ZSTD_LEVEL: i32 = 3;

/// Codes octets; what is ready is [taken](Self::take) out.
pub(super) enum Coder {
    Identity(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Coder {
    pub(super) fn new(coding: Coding) -> io::Result<Self> {
        let out = Vec::new();
        Ok(match coding {
            Coding::Identity => Self::Identity(out),
            Coding::Gzip => Self::Gzip(GzEncoder::new(out, Compression::new(GZIP_LEVEL))),
            Coding::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(out, ZSTD_LEVEL)?),
        })
    }

    /// Takes octets in and leaves `plain` empty.
    pub(super) fn write(&mut self, plain: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Identity(out) if out.is_empty() => mem::swap(out, plain),
            Self::Identity(out) => out.extend_from_slice(plain),
            Self::Gzip(coder) => coder.write_all(plain)?,
            Self::Zstd(coder) => coder.write_all(plain)?,
        }
        plain.clear();
        Ok(())
    }

    /// How many octets are ready to be sent.
    pub(super) fn ready(&self) -> usize {
        match self {
            Self::Identity(out) => out.len(),
            Self::Gzip(coder) => coder.get_ref().len(),
            Self::Zstd(coder) => coder.get_ref().len(),
        }
    }

    /// Takes out what is ready to be sent.
    pub(super) fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Identity(out) => mem::take(out),
            Self::Gzip(coder) => mem::take(coder.get_mut()),
            Self::Zstd(coder) => mem::take(coder.get_mut()),
        }
    }

    /// Ends the stream; what is left is ready then, and nothing more can be coded.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        let rest = match mem::replace(self, Self::Identity(Vec::new())) {
            Self::Identity(out) => out,
            Self::Gzip(coder) => coder.finish()?,
            Self::Zstd(coder) => coder.finish()?,
        };
        *self = Self::Identity(rest);
        Ok(())
    }
}
