//! When a request really left: once its connection stood.
//!
//! A first connection to a far host takes a name look-up, a handshake and perhaps TLS; the next request on it leaves at
//! once. Counted from when each was begun, the second would reach the host too soon. The client does not say when it
//! connected, so a layer around its connector notes it for the request in whose task the connection was made. A
//! connection that another task makes in the end is no request's own, and is not noted.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    static CONNECTED: Cell<Option<Instant>>;
}

/// Runs one exchange and says when its own connection stood, where it needed a new one.
pub(super) async fn noting<T>(exchange: impl Future<Output = T>) -> (T, Option<Instant>) {
    let noted = async {
        let answer = exchange.await;
        (answer, CONNECTED.with(Cell::get))
    };
    CONNECTED.scope(Cell::new(None), noted).await
}

/// Puts [`Noted`] around the client's connector.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoteConnections;

impl<S> Layer<S> for NoteConnections {
    type Service = Noted<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Noted { inner }
    }
}

/// A connector that notes when a connection stood.
#[derive(Debug, Clone)]
pub(super) struct Noted<S> {
    inner: S,
}

impl<S, To> Service<To> for Noted<S>
where
    S: Service<To>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, to: To) -> Self::Future {
        let connecting = self.inner.call(to);
        Box::pin(async move {
            let connected = connecting.await;
            // Outside an exchange there is nobody to note it for.
            CONNECTED.try_with(|at| at.set(Some(Instant::now()))).ok();
            connected
        })
    }
}
