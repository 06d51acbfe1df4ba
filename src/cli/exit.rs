//! The table of exit codes, the contract's own. The manual prints it from here.

use std::io;

use crate::{archive, crawl, handover, store};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; failures within the tolerance asked for.
    Done,
    /// Unexpected failure.
    Unexpected,
    /// Wrong usage.
    Usage,
    /// Settings, site, selectors or archive unusable.
    Unusable,
    /// Finished, but a site or an input failed, or selectors no longer fit.
    Partial,
    /// Archive damaged.
    Damaged,
    /// Another run holds this archive's lock, or the database is busy.
    Busy,
    /// Out of space; everything before is safe.
    NoSpace,
    /// Interrupted by SIGHUP.
    Hangup,
    /// Interrupted by SIGINT.
    Interrupted,
    /// Interrupted by SIGTERM.
    Terminated,
}

impl Exit {
    /// All codes with their meaning, in order.
    pub const TABLE: &[(Self, &str)] = &[
        (Self::Done, "done; failures within the tolerance asked for"),
        (Self::Unexpected, "unexpected failure"),
        (Self::Usage, "wrong usage"),
        (Self::Unusable, "settings, site, selectors or archive unusable; the message names file, line and field"),
        (Self::Partial, "finished, but a site or an input failed, or selectors no longer fit"),
        (Self::Damaged, "archive damaged"),
        (Self::Busy, "another run holds this archive's lock, or the database is busy"),
        (Self::NoSpace, "out of space, or the free-space floor was reached; everything before is safe"),
        (Self::Hangup, "interrupted by SIGHUP; everything fetched is committed"),
        (Self::Interrupted, "interrupted by SIGINT; everything fetched is committed"),
        (Self::Terminated, "interrupted by SIGTERM; everything fetched is committed"),
    ];

    /// The number the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::Unusable => 3,
            Self::Partial => 4,
            Self::Damaged => 5,
            Self::Busy => 6,
            Self::NoSpace => 7,
            Self::Hangup => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The code an error asks for: a [`Failure`] names its own, a broken pipe is success, the rest is unexpected.
    pub fn of(error: &anyhow::Error) -> Self {
        for cause in error.chain() {
            if let Some(failure) = cause.downcast_ref::<Failure>() {
                return failure.exit;
            }
            // A transparent error hides the one inside from the chain, so it is opened here.
            match cause.downcast_ref::<crawl::Error>() {
                Some(crawl::Error::Archive(archive)) => return of_archive(archive),
                Some(crawl::Error::Store(store)) => return of_store(store),
                Some(_) | None => {}
            }
            if let Some(archive) = cause.downcast_ref::<archive::Error>() {
                return of_archive(archive);
            }
            if let Some(handover) = cause.downcast_ref::<handover::Error>() {
                return of_handover(handover);
            }
            if let Some(store) = cause.downcast_ref::<store::Error>() {
                return of_store(store);
            }
            match cause.downcast_ref::<io::Error>().map(io::Error::kind) {
                Some(io::ErrorKind::BrokenPipe) => return Self::Done,
                Some(io::ErrorKind::StorageFull) => return Self::NoSpace,
                Some(_) | None => {}
            }
        }
        Self::Unexpected
    }
}

fn of_archive(error: &archive::Error) -> Exit {
    match error {
        archive::Error::Locked { .. } | archive::Error::LogHeld { .. } => Exit::Busy,
        archive::Error::Unusable { .. } | archive::Error::Rulings { .. } => Exit::Unusable,
        archive::Error::Store(store) => of_store(store),
        archive::Error::Again(cause) => of_archive(cause),
        archive::Error::Io { source, .. } => of_io(source),
        archive::Error::NoSpace { .. }
        | archive::Error::Full
        | archive::Error::Stopped
        | archive::Error::NoRun
        | archive::Error::Closed => if_full(error.is_no_space()),
    }
}

fn of_handover(error: &handover::Error) -> Exit {
    match error {
        handover::Error::Store(store) => of_store(store),
        handover::Error::Damaged { .. } => Exit::Damaged,
        handover::Error::Exists { .. } | handover::Error::NotAPackage { .. } | handover::Error::Nothing => {
            Exit::Unusable
        }
        handover::Error::Io { source, .. } => of_io(source),
    }
}

fn of_store(error: &store::Error) -> Exit {
    match error {
        store::Error::Newer { .. }
        | store::Error::Older { .. }
        | store::Error::Missing { .. }
        | store::Error::Takedown { .. } => Exit::Unusable,
        store::Error::Busy { .. } => Exit::Busy,
        _damage if error.is_damage() => Exit::Damaged,
        _shut if error.is_shut() => Exit::Unusable,
        store::Error::Migration { .. }
        | store::Error::Replace { .. }
        | store::Error::Shut { .. }
        | store::Error::Seal { .. }
        | store::Error::Sqlite { .. }
        | store::Error::Lost { .. }
        | store::Error::Corrupt { .. }
        | store::Error::Damaged { .. }
        | store::Error::Record { .. } => if_full(error.is_full()),
    }
}

/// What the system refuses in a folder one was told to use makes the folder unusable.
fn of_io(error: &io::Error) -> Exit {
    use io::ErrorKind::{NotADirectory, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    if matches!(error.kind(), NotADirectory | PermissionDenied | ReadOnlyFilesystem) {
        return Exit::Unusable;
    }
    if_full(error.kind() == StorageFull)
}

fn if_full(full: bool) -> Exit {
    if full { Exit::NoSpace } else { Exit::Unexpected }
}

/// An error that knows its exit code.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Failure {
    /// The code.
    pub(super) exit: Exit,
    /// One clear line: what, and where.
    pub(super) message: String,
}

impl Failure {
    /// Wrong usage.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    /// Something the user keeps (settings, selectors, archive) cannot be used.
    pub(super) fn unusable(message: impl Into<String>) -> Self {
        Self { exit: Exit::Unusable, message: message.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_contract() {
        let codes: Vec<u8> = Exit::TABLE.iter().map(|(exit, _)| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 129, 130, 143]);
    }

    #[test]
    fn errors_ask_for_their_code_through_any_context() {
        let error = anyhow::Error::new(Failure::unusable("bad")).context("while reading settings");
        assert_eq!(Exit::of(&error), Exit::Unusable);
        let pipe = anyhow::Error::new(io::Error::from(io::ErrorKind::BrokenPipe)).context("writing");
        assert_eq!(Exit::of(&pipe), Exit::Done);
        let full = anyhow::Error::new(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(Exit::of(&full), Exit::NoSpace);
        let floor = archive::Error::NoSpace { path: "a".into(), free: 0, floor: 1 };
        assert_eq!(Exit::of(&crawl::Error::Archive(floor).into()), Exit::NoSpace, "through the crawl");
        let lost = archive::Error::Store(store::Error::Lost { path: "a".into() });
        let again = archive::Error::Again(std::sync::Arc::new(lost));
        assert_eq!(Exit::of(&crawl::Error::Archive(again).into()), Exit::Damaged, "told to another");
        let shut = io::Error::from(io::ErrorKind::PermissionDenied);
        let shut = archive::Error::Io { path: "a".into(), doing: "listing the folder", source: shut };
        assert_eq!(Exit::of(&crawl::Error::Archive(shut).into()), Exit::Unusable, "no right is no accident");
        assert_eq!(Exit::of(&anyhow::anyhow!("other")), Exit::Unexpected);
    }
}
