//! One request to one capture: timeouts, caps, address rules; follows nothing, retries nothing.
