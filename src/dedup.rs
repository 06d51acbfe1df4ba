//! Digest and earlier captures to a verdict: new, revisit, changed.
