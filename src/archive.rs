//! The only writer: WARC append and index row, in the order that survives a crash.
