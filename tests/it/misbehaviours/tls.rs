//! Servers that speak TLS, badly. Certificates are made when the test starts, by an authority the settings name.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde::Deserialize;

use super::case::{Case, Connect};
use crate::support::response::Step;
use crate::support::server::Request;

/// What is wrong with a server's TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Flaw {
    /// Nothing.
    Sound,
    /// The certificate's last day is past.
    Expired,
    /// Its first day is to come.
    NotYet,
    /// It names another host.
    WrongName,
    /// It vouches for itself.
    SelfSigned,
    /// Nobody knows who vouches for it.
    UnknownRoot,
    /// The server speaks TLS 1.0 at the most, and says so.
    Old,
    /// Plain HTTP on the port of https.
    Plain,
    /// Bytes that are nothing.
    Garbage,
    /// The server accepts and says nothing.
    Silent,
    /// It hangs up in the middle of the handshake.
    HangsUp,
}

type Issuer = CertifiedIssuer<'static, KeyPair>;

/// All TLS servers behind one port, told apart by the name the client asks for.
pub(super) struct Server {
    root: Issuer,
    port: u16,
    closing: Arc<AtomicBool>,
}

impl Server {
    pub(super) fn start(cases: Vec<Case>) -> Self {
        let (root, stranger) = (issuer("云岭测试根"), issuer("无人知晓的根"));
        let secure = cases.into_iter().filter_map(|case| match case.connect {
            Connect::Tls(flaw) => Some((config(&root, &stranger, flaw, &case.host()), flaw, case)),
            Connect::Plain | Connect::Refused | Connect::Unnamed => None,
        });
        let hosts: Arc<Vec<_>> = Arc::new(secure.collect());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let closing = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&closing);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), hosts) = (stream, Arc::clone(&hosts)) else { continue };
                thread::spawn(move || serve(stream, &hosts).ok());
            }
        });
        Self { root, port, closing }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of the authority that counts.
    pub(super) fn root_pem(&self) -> String {
        self.root.pem()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

fn issuer(name: &str) -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn config(root: &Issuer, stranger: &Issuer, flaw: Flaw, host: &str) -> Arc<ServerConfig> {
    let name = if flaw == Flaw::WrongName { "other.mis.test" } else { host };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(if flaw == Flaw::NotYet { 2090 } else { 2020 }, 1, 1);
    params.not_after = date_time_ymd(if flaw == Flaw::Expired { 2021 } else { 2099 }, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = match flaw {
        Flaw::SelfSigned => params.self_signed(&key),
        Flaw::UnknownRoot => params.signed_by(&key, stranger),
        Flaw::Sound
        | Flaw::Expired
        | Flaw::NotYet
        | Flaw::WrongName
        | Flaw::Old
        | Flaw::Plain
        | Flaw::Garbage
        | Flaw::Silent
        | Flaw::HangsUp => params.signed_by(&key, root),
    };
    let chain: Vec<CertificateDer<'static>> = vec![certificate.unwrap().der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_no_client_auth().with_single_cert(chain, key).unwrap())
}

type Host = (Arc<ServerConfig>, Flaw, Case);

fn serve(mut stream: TcpStream, hosts: &[Host]) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    // The name stands in the first message as it is.
    let mut hello = [0; 2048];
    let seen = stream.peek(&mut hello)?;
    let asked = |case: &Case| hello[..seen].windows(case.host().len()).any(|part| part == case.host().as_bytes());
    let Some((config, flaw, case)) = hosts.iter().find(|(_, _, case)| asked(case)) else { return Ok(()) };
    match flaw {
        // A fatal alert: protocol_version.
        Flaw::Old => raw(&mut stream, &[0x15, 3, 1, 0, 2, 2, 70]),
        Flaw::Plain => raw(&mut stream, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        Flaw::Garbage => raw(&mut stream, &[0xff; 512]),
        Flaw::Silent => {
            stream.read_to_end(&mut Vec::new())?;
            Ok(())
        }
        Flaw::HangsUp => Ok(()),
        Flaw::Sound | Flaw::Expired | Flaw::NotYet | Flaw::WrongName | Flaw::SelfSigned | Flaw::UnknownRoot => {
            speak(StreamOwned::new(ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?, stream), case)
        }
    }
}

/// Says this after hearing the client out, so that the kernel does not cut the answer off.
fn raw(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let mut hello = [0; 4096];
    let _heard = stream.read(&mut hello)?;
    stream.write_all(bytes)
}

/// Answers requests as the plain server does.
fn speak(stream: StreamOwned<ServerConnection, TcpStream>, case: &Case) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line.trim_end().is_empty() {
                break;
            }
            lines.push(line.trim_end().to_owned());
        }
        let target = lines[0].split(' ').nth(1).unwrap_or_default().to_owned();
        let fields = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
        let headers = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let request = Request { at: now(), method: "GET".to_owned(), target, headers, connection: 0 };
        for step in case.answer(&request).into_steps() {
            match step {
                Step::Send(bytes) => stream.get_mut().write_all(&bytes)?,
                Step::Pause(pause) => thread::sleep(pause),
                Step::Forever(_) | Step::Silence | Step::Reset | Step::HangUp => return Ok(()),
            }
        }
        stream.get_mut().flush()?;
    }
}

#[expect(clippy::disallowed_methods, reason = "a request carries its time of arrival")]
fn now() -> Instant {
    Instant::now()
}
