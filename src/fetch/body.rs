//! A payload as it arrives: chunk by chunk, under every cap, never sized by what the server promises.
//!
//! A payload is held in memory until it is committed, so large ones take turns: what is longer than [`SMALL`] waits for
//! one of a few [`Rooms`] before more of it is read, and keeps it as long as anyone holds the bytes. The server is
//! meanwhile slowed down by its own full buffers.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::options::Options;
use crate::domain::capture::Truncation;
use crate::domain::request::Purpose;

/// Most bytes taken of a robots.txt. Half of it is read, more than RFC 9309 2.5 asks for.
const ROBOTS_CAP: usize = 1 << 20;

/// A payload up to this size needs no room of its own. Pages have a few hundred kilobytes.
const SMALL: usize = 512 << 10;

/// Large payloads held at once: three of the default cap are 96 MiB (RELIABILITY T2 allows 256 MiB for everything).
const ROOMS: usize = 3;

/// Places for large payloads, shared by all requests of a client.
#[derive(Debug, Clone)]
pub(super) struct Rooms(Arc<Semaphore>);

impl Rooms {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(ROOMS)))
    }
}

/// Bytes, and the room they take up until the last holder lets go.
struct Housed {
    bytes: Bytes,
    _room: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Housed {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// How much may be taken, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) cap: usize,
    pub(super) idle: Duration,
    pub(super) deadline: Instant,
}

/// The cap for what is asked for.
pub(super) fn cap(options: &Options, purpose: Purpose) -> usize {
    match purpose {
        Purpose::Robots => options.max_wire_bytes.min(ROBOTS_CAP),
        Purpose::Seed
        | Purpose::Listing
        | Purpose::Article
        | Purpose::ArticlePage
        | Purpose::Image
        | Purpose::Attachment => options.max_wire_bytes,
    }
}

/// Receives a payload to its end, to a cap, or to the moment the server gives up. What arrived is always kept, with the
/// reason it is short: an incomplete payload never passes for a whole one. Waiting for a room is not the server's time.
pub(super) async fn receive(mut answer: Response, mut limits: Limits, rooms: &Rooms) -> (Bytes, Option<Truncation>) {
    let (mut gathered, mut room) = (BytesMut::new(), None);
    let truncated = loop {
        let left = limits.deadline.saturating_duration_since(Instant::now());
        let chunk = match timeout(left.min(limits.idle), answer.chunk()).await {
            Err(_elapsed) => break Some(Truncation::Time),
            Ok(Err(_broken)) => break Some(Truncation::Disconnect),
            Ok(Ok(None)) => break None,
            Ok(Ok(Some(chunk))) => chunk,
        };
        let free = limits.cap.saturating_sub(gathered.len());
        if gathered.len() + chunk.len() > SMALL && room.is_none() {
            let asked = Instant::now();
            // Nobody closes the semaphore; without a room the payload would merely not be counted.
            room = Arc::clone(&rooms.0).acquire_owned().await.ok();
            limits.deadline += asked.elapsed();
        }
        gathered.extend_from_slice(chunk.get(..chunk.len().min(free)).unwrap_or_default());
        if chunk.len() > free {
            break Some(Truncation::Length);
        }
    };
    let bytes = gathered.freeze();
    match room {
        Some(room) => (Bytes::from_owner(Housed { bytes, _room: room }), truncated),
        None => (bytes, truncated),
    }
}
