//! Decides what to visit next, given the time.
