//! robots.txt text to rules; rules and URL to yes or no (RFC 9309).
