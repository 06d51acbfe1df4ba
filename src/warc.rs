//! WARC records to bytes and back, over Write and Read (ISO 28500:2017).
