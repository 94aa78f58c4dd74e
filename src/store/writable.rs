//! Whether the database takes writes, and if not, why: in words for the person who runs the bot.

use std::path::PathBuf;
use std::sync::Mutex;

/// Why nothing can be written at this moment. Nothing is acknowledged meanwhile, so updates wait where they come from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    #[error(
        "the database {path} was deleted or moved while simoff runs on it. Put the same file back, and simoff goes on; or stop simoff, restore a backup and start again"
    )]
    Deleted { path: PathBuf },
    #[error(
        "another file has taken the place of the database {path} while simoff runs on it. Put the first one back, and simoff goes on; or restart simoff to work on the new one"
    )]
    Replaced { path: PathBuf },
    #[error(
        "{path}, a part of the database, was deleted or replaced while simoff runs. Put the same file back, and simoff goes on; or restart simoff"
    )]
    PartDeleted { path: PathBuf },
    #[error(
        "the lock file {path} was deleted, and another simoff works on the database now. This one has stopped working: stop one of the two, and restart this one if it is to go on"
    )]
    Superseded { path: PathBuf },
    #[error(
        "the lock file {path} was deleted and cannot be made anew. Give this user the right to write the folder, and make room on the disk"
    )]
    Unlocked { path: PathBuf },
    #[error("the database {path} cannot be written: its file system is read-only, or this user lacks the right")]
    ReadOnly { path: PathBuf },
    #[error("the disk with the database {path} is full. Make room, and simoff goes on")]
    Full { path: PathBuf },
    #[error("another process has held the database {path} for too long: a copy, a shell. End that one")]
    Busy { path: PathBuf },
    #[error("the database {path} is damaged. Stop simoff, keep the file, and restore a backup")]
    Damaged { path: PathBuf },
    #[error(
        "writing to the database {path} fails: the disk reports errors, or a quota or a limit of the size of files is reached. Look into the log of the operating system"
    )]
    Disk { path: PathBuf },
    #[error("the database {path} cannot be written: {what}")]
    Other { path: PathBuf, what: String },
    #[error("the database server cannot be reached. Check that it runs")]
    Unreachable,
    #[error(
        "the database server takes no writes: it is a standby, or set to read-only. Point DATABASE_URL at the primary"
    )]
    Standby,
    #[error("the disk of the database server is full. Make room there")]
    ServerFull,
    #[error("the database server refuses to write (SQLSTATE {code}). Its log says more")]
    Refused { code: String },
    #[error(
        "the database has written nothing for {seconds} s. Look for a process that holds it, or a disk that is slow"
    )]
    Slow { seconds: u64 },
    #[error("the store is closed")]
    Closed,
}

impl Unwritable {
    /// The same in a word or two, for those who watch from outside.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Deleted { .. } | Self::PartDeleted { .. } => "deleted",
            Self::Replaced { .. } => "replaced",
            Self::Superseded { .. } | Self::Unlocked { .. } => "not locked",
            Self::ReadOnly { .. } | Self::Standby => "read-only",
            Self::Full { .. } | Self::ServerFull => "disk full",
            Self::Busy { .. } => "held by another process",
            Self::Damaged { .. } => "damaged",
            Self::Disk { .. } => "disk error",
            Self::Unreachable => "unreachable",
            Self::Slow { .. } => "no answer",
            Self::Other { .. } | Self::Refused { .. } | Self::Closed => "refused",
        }
    }
}

/// What the last write came to.
#[derive(Debug)]
pub(super) struct Outcome(Mutex<Result<(), Unwritable>>);

impl Default for Outcome {
    /// What opened a database has written to it.
    fn default() -> Self {
        Self(Mutex::new(Ok(())))
    }
}

impl Outcome {
    pub fn note(&self, outcome: Result<(), Unwritable>) {
        *self.0.lock().expect("the lock is not poisoned") = outcome;
    }

    pub fn last(&self) -> Result<(), Unwritable> {
        self.0.lock().expect("the lock is not poisoned").clone()
    }
}
