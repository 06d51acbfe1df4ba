//! What several capabilities' tests stand on.

pub(crate) mod corpus;
pub(crate) mod dump;
pub(crate) mod generated;
pub(crate) mod planted;
pub(crate) mod program;
pub(crate) mod response;
pub(crate) mod server;
