//! A payload as it arrives: chunk by chunk, under every cap, never sized by what the server promises.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use tokio::time::{Instant, timeout};

use super::options::Options;
use crate::domain::capture::Truncation;
use crate::domain::request::Purpose;

/// Most bytes taken of a robots.txt. Half of it is read, more than RFC 9309 2.5 asks for.
const ROBOTS_CAP: usize = 1 << 20;

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
/// reason it is short: an incomplete payload never passes for a whole one.
pub(super) async fn receive(
    mut answer: Response,
    cap: usize,
    idle: Duration,
    deadline: Instant,
) -> (Bytes, Option<Truncation>) {
    let mut gathered = BytesMut::new();
    let truncated = loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match timeout(left.min(idle), answer.chunk()).await {
            Err(_elapsed) => break Some(Truncation::Time),
            Ok(Err(_broken)) => break Some(Truncation::Disconnect),
            Ok(Ok(None)) => break None,
            Ok(Ok(Some(chunk))) => {
                let room = cap.saturating_sub(gathered.len());
                gathered.extend_from_slice(chunk.get(..chunk.len().min(room)).unwrap_or_default());
                if chunk.len() > room {
                    break Some(Truncation::Length);
                }
            }
        }
    };
    (gathered.freeze(), truncated)
}
