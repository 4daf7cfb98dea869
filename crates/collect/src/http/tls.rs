//! Whom we believe over TLS: the roots of this machine, and one file of the administrator's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::{ClientConfig, RootCertStore};

/// The certificate authorities believed. Clones share them.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

/// Why there is nobody to believe.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file that cannot be read, or holds no PEM.
    #[error("cannot read certificate authorities from {}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: pem::Error,
    },
    /// A file without a certificate that can be a root.
    #[error("{} holds no certificate authority", .0.display())]
    NoAuthority(PathBuf),
    /// This machine knows none.
    #[error("this machine has no certificate authorities: install ca-certificates")]
    NoRoots,
    /// The cryptography could not be set up.
    #[error("TLS cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

impl Trust {
    /// The roots of this machine, and those in `extra`, a PEM file: the way for a print server
    /// with a certificate of the house. There is no way to believe everybody.
    pub fn load(extra: Option<&Path>) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        // Single certificates that cannot be read are no reason to do without the others.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        match extra {
            Some(path) => add_file(&mut roots, path)?,
            None if roots.is_empty() => return Err(TrustError::NoRoots),
            None => {}
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.0)
    }
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), TrustError> {
    let refused = |source| TrustError::File {
        path: path.to_owned(),
        source,
    };
    let found = CertificateDer::pem_file_iter(path).map_err(refused)?;
    let found = found.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    let (added, _ignored) = roots.add_parsable_certificates(found);
    if added == 0 {
        return Err(TrustError::NoAuthority(path.to_owned()));
    }
    Ok(())
}
