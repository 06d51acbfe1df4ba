//! The made-up university behind a socket: one loopback listener for all its hosts, told apart by `Host`.
//!
//! Listens where it is told to and nowhere else; the caller binds, so that it can choose port 0 and the lifetime.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::campus::Site;
use super::respond::{Response, respond};

/// A request the server has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Host name asked for, without a port.
    pub host: String,
    /// Path and query.
    pub target: String,
    /// Status of the answer.
    pub status: u16,
}

/// What requests share. The lock is held only to push or copy, never across an await.
#[derive(Debug)]
struct Shared {
    day: AtomicU32,
    hits: Mutex<Vec<Hit>>,
}

/// The running university. Dropping it leaves the task to the runtime; [`Server::shutdown`] ends it in order.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Serves all sites on this listener, beginning with day one.
pub fn serve(listener: TcpListener) -> std::io::Result<Server> {
    let address = listener.local_addr()?;
    let shared = Arc::new(Shared { day: AtomicU32::new(1), hits: Mutex::new(Vec::new()) });
    let (stop, stopped) = oneshot::channel::<()>();
    let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
    let task = tokio::spawn(async move {
        let ended = async move {
            // A dropped sender means nobody can stop the server any more: it then runs as long as the runtime.
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        axum::serve(listener, router).with_graceful_shutdown(ended).await
    });
    Ok(Server { address, shared, stop, task })
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Each host name and the address to send it to.
    pub fn resolves(&self) -> Vec<(&'static str, SocketAddr)> {
        Site::all().iter().map(|site| (site.host.as_str(), self.address)).collect()
    }

    /// Moves the university to another day, from the next request on.
    pub fn set_day(&self, day: u32) {
        self.shared.day.store(day, Ordering::Relaxed);
    }

    /// Requests seen so far, in order.
    pub fn hits(&self) -> Vec<Hit> {
        self.shared.hits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets running answers finish and stops.
    pub async fn shutdown(self) -> std::io::Result<()> {
        // A receiver that is gone has stopped already.
        self.stop.send(()).ok();
        self.task.await.map_err(std::io::Error::other)?
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> axum::response::Response {
    let host = host(&request);
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let response = if matches!(*request.method(), Method::GET | Method::HEAD) {
        respond(&host, &target, &fields(request.headers()), shared.day.load(Ordering::Relaxed))
    } else {
        Response { status: 405, headers: vec![("Allow", "GET, HEAD".to_owned())], body: Vec::new() }
    };
    let hit = Hit { host, target, status: response.status };
    shared.hits.lock().unwrap_or_else(PoisonError::into_inner).push(hit);
    written(response)
}

/// `Host` without its port; the request line's authority where a client writes it there.
fn host(request: &Request) -> String {
    let named = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let host = named.or_else(|| request.uri().host()).unwrap_or_default();
    host.split(':').next().unwrap_or_default().to_owned()
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect()
}

fn written(response: Response) -> axum::response::Response {
    let mut built = axum::response::Response::builder().status(response.status);
    for (name, value) in response.headers {
        built = built.header(name, value);
    }
    built.body(Body::from(response.body)).unwrap_or_else(|_| {
        let mut failed = axum::response::Response::new(Body::empty());
        *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}
