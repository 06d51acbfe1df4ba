//! A made-up university of several sites, as data and as a loopback server.
