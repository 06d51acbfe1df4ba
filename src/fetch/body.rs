//! A payload as it arrives: chunk by chunk, under every cap, never sized by what the server promises.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use tokio::time::{Instant, timeout};

use super::options::Options;
use crate::domain::capture::Truncation;

/// Receives a payload to its end, to a cap, or to the moment the server gives up. What arrived is always kept, with the
/// reason it is short: an incomplete payload never passes for a whole one.
pub(super) async fn receive(mut answer: Response, options: &Options, started: Instant) -> (Bytes, Option<Truncation>) {
    let deadline = started + options.total_timeout;
    let mut gathered = BytesMut::new();
    let truncated = loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match timeout(left.min(options.idle_timeout), answer.chunk()).await {
            Err(_elapsed) => break Some(Truncation::Time),
            Ok(Err(_broken)) => break Some(Truncation::Disconnect),
            Ok(Ok(None)) => break None,
            Ok(Ok(Some(chunk))) => {
                let room = options.max_wire_bytes.saturating_sub(gathered.len());
                gathered.extend_from_slice(chunk.get(..chunk.len().min(room)).unwrap_or_default());
                if chunk.len() > room {
                    break Some(Truncation::Length);
                }
            }
        }
    };
    (gathered.freeze(), truncated)
}
