//! Rows of a table to a format, one at a time.
