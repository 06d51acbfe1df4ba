//! The formats of packages an archive is handed over in: index lines (CDXJ), WACZ, BagIt.
//!
//! Writers over `Write`, and the text of what stands in a package. It refuses to open a file, to read a clock, and to
//! know where captures come from: `handover` gathers them and gives them here one at a time.

pub mod bagit;
pub mod cdxj;
mod surt;
pub mod wacz;

pub use surt::surt;
