//! A real HTTP server on loopback, so that no test needs the network and every fault can be had.
//!
//! `Server::start(|request| Response::html("…"))` answers every request with what the closure says; several hosts are one
//! server asked under several names (`--resolve HOST:127.0.0.1:PORT`), told apart by `request.host()`. It remembers every
//! hit, in order, with its time and headers. Dropped, it ends itself, and fails the test when it was never asked or when
//! its closure panicked.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use url::Url;

use super::response::{Response, Step};

/// How often a waiting connection looks whether the server is still wanted.
const TICK: Duration = Duration::from_millis(10);

/// One request as received.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// When its head was complete.
    pub(crate) at: Instant,
    /// `GET`, mostly.
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Header fields in order, names as sent.
    pub(crate) headers: Vec<(String, String)>,
    /// Which connection it came over, from 0.
    pub(crate) connection: usize,
}

impl Request {
    /// First value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Host name asked for, without port.
    pub(crate) fn host(&self) -> &str {
        let host = self.header("host").unwrap_or_default();
        host.rsplit_once(':').map_or(host, |(name, _)| name)
    }

    /// Path without query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

type Answer = dyn Fn(&Request) -> Response + Send + Sync;

struct Shared {
    answer: Box<Answer>,
    hits: Mutex<Vec<Request>>,
    panicked: AtomicBool,
    closing: AtomicBool,
    connections: AtomicUsize,
}

/// A running server.
pub(crate) struct Server {
    addr: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
    may_stay_unasked: bool,
}

impl Server {
    /// Starts on a free port of 127.0.0.1.
    pub(crate) fn start(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            answer: Box::new(answer),
            hits: Mutex::default(),
            panicked: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
        });
        let accepting = Arc::clone(&shared);
        let thread = thread::spawn(move || accept(&listener, &accepting));
        Self { addr, shared, listener: Some(thread), may_stay_unasked: false }
    }

    /// For tests in which silence is what is asserted.
    pub(crate) fn may_stay_unasked(mut self) -> Self {
        self.may_stay_unasked = true;
        self
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.addr.port()
    }

    /// A URL on it, under its address.
    pub(crate) fn url(&self, target: &str) -> Url {
        Url::parse(&format!("http://{}{target}", self.addr)).unwrap()
    }

    /// `HOST:127.0.0.1:PORT`: what `--resolve` needs to send a host name here.
    pub(crate) fn resolve(&self, host: &str) -> String {
        format!("{host}:{}", self.addr)
    }

    /// Every request so far, in order of arrival.
    pub(crate) fn hits(&self) -> Vec<Request> {
        self.shared.hits.lock().unwrap().clone()
    }

    /// Targets asked for, in order of arrival.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.hits().into_iter().map(|hit| hit.target).collect()
    }

    /// How often this path (any query) was asked for.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.hits().iter().filter(|hit| hit.path() == path).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is over.
        drop(TcpStream::connect(self.addr));
        if let Some(listener) = self.listener.take() {
            listener.join().unwrap();
        }
        if !thread::panicking() {
            assert!(!self.shared.panicked.load(Ordering::SeqCst), "a route of the loopback server panicked");
            assert!(self.may_stay_unasked || !self.hits().is_empty(), "the loopback server was never asked");
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.closing.load(Ordering::SeqCst) {
            return;
        }
        let (Ok(stream), shared) = (stream, Arc::clone(shared)) else { continue };
        let number = shared.connections.fetch_add(1, Ordering::SeqCst);
        // A client that goes away in the middle is part of the tests.
        thread::spawn(move || serve(&stream, &shared, number).ok());
    }
}

/// Answers the requests of one connection until either side ends it.
fn serve(stream: &TcpStream, shared: &Shared, number: usize) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TICK))?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader, shared, number)? {
        shared.hits.lock().unwrap().push(request.clone());
        let Ok(response) = catch_unwind(AssertUnwindSafe(|| (shared.answer)(&request))) else {
            shared.panicked.store(true, Ordering::SeqCst);
            return Ok(());
        };
        for step in response.into_steps() {
            let reset = matches!(step, Step::Reset);
            if !perform(step, stream, shared)? {
                return if reset { Ok(()) } else { stream.shutdown(Shutdown::Both) };
            }
        }
    }
    Ok(())
}

/// Does one step; `false` ends the connection.
fn perform(step: Step, mut stream: &TcpStream, shared: &Shared) -> io::Result<bool> {
    let open = || !shared.closing.load(Ordering::SeqCst);
    match step {
        Step::Send(bytes) => stream.write_all(&bytes).map(|()| true),
        Step::Pause(pause) => {
            thread::sleep(pause);
            Ok(true)
        }
        Step::Forever(bytes) => {
            while open() {
                stream.write_all(&bytes)?;
            }
            Ok(false)
        }
        Step::Silence => {
            while open() {
                match stream.peek(&mut [0]) {
                    Ok(0) => break,
                    Err(e) if !is_tick(&e) => break,
                    Ok(_) => thread::sleep(TICK),
                    Err(_) => {}
                }
            }
            Ok(false)
        }
        Step::Reset => {
            // Closing at once with a linger of nothing sends RST instead of FIN; the caller must not shut down first.
            rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO))?;
            Ok(false)
        }
        Step::HangUp => Ok(false),
    }
}

/// Reads one head; `None` when the client is done or the server is.
fn read_request(reader: &mut impl BufRead, shared: &Shared, connection: usize) -> io::Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let Some(line) = read_line(reader, shared)? else { return Ok(None) };
        match line.trim_end() {
            "" if lines.is_empty() => {}
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut words = lines[0].split(' ').map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let fields = lines.iter().skip(1).filter_map(|line| line.split_once(':'));
    let headers = fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    Ok(Some(Request { at: now(), method, target, headers, connection }))
}

fn read_line(reader: &mut impl BufRead, shared: &Shared) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    loop {
        match reader.read_until(b'\n', &mut line) {
            Ok(0) => return Ok(None),
            Ok(_) => return Ok(Some(String::from_utf8_lossy(&line).into_owned())),
            Err(e) if is_tick(&e) && !shared.closing.load(Ordering::SeqCst) => {}
            Err(e) if is_tick(&e) => return Ok(None),
            Err(e) => return Err(e),
        }
    }
}

fn is_tick(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

#[expect(clippy::disallowed_methods, reason = "spacing of real requests is what some tests assert")]
fn now() -> Instant {
    Instant::now()
}
