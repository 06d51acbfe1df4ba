//! SIGHUP, SIGINT and SIGTERM: the first asks the run to end in order, the second ends it at once.
//!
//! Ending at once is safe too: what was acknowledged is on disk, and the next start puts the rest right.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;

use super::exit::Exit;

/// The signals of a run.
pub(super) struct Signals {
    state: Arc<State>,
}

/// What the listening task and the run share.
#[derive(Default)]
struct State {
    /// Code of the first signal; 0 before it.
    code: AtomicU8,
    arrived: Notify,
}

const CODES: [Exit; 3] = [Exit::Hangup, Exit::Interrupted, Exit::Terminated];

impl Signals {
    /// Starts listening; needs a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        let kinds = [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::terminate()];
        let state = Arc::new(State::default());
        for (kind, exit) in kinds.into_iter().zip(CODES) {
            tokio::spawn(watch(signal(kind)?, exit, Arc::clone(&state)));
        }
        Ok(Self { state })
    }

    /// Resolves with the first signal.
    pub(super) fn first(&self) -> impl Future<Output = ()> + use<> {
        let state = Arc::clone(&self.state);
        async move { state.arrived.notified().await }
    }

    /// The exit code of the first signal, where one has come.
    pub(super) fn received(&self) -> Option<Exit> {
        let code = self.state.code.load(Ordering::Relaxed);
        CODES.into_iter().find(|exit| exit.code() == code)
    }
}

#[expect(clippy::exit, reason = "the second signal asks for just that")]
async fn watch(mut signal: Signal, exit: Exit, state: Arc<State>) {
    while signal.recv().await.is_some() {
        if state.code.compare_exchange(0, exit.code(), Ordering::Relaxed, Ordering::Relaxed).is_err() {
            std::process::exit(i32::from(exit.code()));
        }
        state.arrived.notify_one();
    }
}
