//! TLS: whom to believe, and for which hosts to look the other way.
//!
//! Certificates are checked against Mozilla's roots and those the settings add. A host named lenient is read although
//! its certificate is expired, of another name or of an unknown issuer, and every capture from it says so; its
//! signatures must still be right. Protocols before TLS 1.2 and keys too short for the library do not exist here; hosts
//! that know nothing else are another client's, see [`super::client`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::{Error, Options};

/// Why a lenient host's certificate would have been refused, by host name; absent where nothing was wrong.
#[derive(Debug, Default)]
pub(super) struct Flaws(Mutex<HashMap<String, String>>);

impl Flaws {
    /// What was wrong with this host's certificate when it last connected.
    pub(super) fn of(&self, host: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(host).cloned()
    }

    fn note(&self, host: &str, flaw: Option<String>) {
        let mut flaws = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match flaw {
            Some(flaw) => drop(flaws.insert(host.to_owned(), flaw)),
            None => drop(flaws.remove(host)),
        }
    }
}

/// The client's TLS settings. Ring is chosen here and not by whoever installs a default first.
pub(super) fn config(options: &Options, flaws: &Arc<Flaws>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier {
        strict: strict(options, &provider)?,
        lenient: options.lenient_hosts.clone(),
        flaws: Arc::clone(flaws),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Client(e.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn strict(options: &Options, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in &options.roots {
        let root = CertificateDer::from(root.clone());
        roots.add(root).map_err(|e| Error::Client(format!("a root certificate of the settings: {e}")))?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|e| Error::Client(e.to_string()))
}

/// The strict verifier, and hosts whose flaws are noted instead of refused.
#[derive(Debug)]
struct Verifier {
    strict: Arc<WebPkiServerVerifier>,
    lenient: Vec<String>,
    flaws: Arc<Flaws>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let strictly = self.strict.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let host = server_name.to_str();
        if !self.lenient.iter().any(|lenient| lenient.eq_ignore_ascii_case(&host)) {
            return strictly;
        }
        self.flaws.note(&host, strictly.as_ref().err().map(ToString::to_string));
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.strict.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.strict.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}
