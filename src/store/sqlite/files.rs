//! The files of a database: private to their owner, locked by one process, and still the ones that were opened.
//!
//! A file that is deleted while a process has it open goes on taking writes, which nobody will ever read: so its name is
//! looked up before each commit. The database itself is never opened here. When a process closes a file, it loses all of
//! its POSIX locks on it (fcntl(2)), and by these SQLite protects the database.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use crate::store::OpenError;
use crate::store::writable::Unwritable;

/// What people have said is nobody else's: the owner reads and writes.
const PRIVATE: u32 = 0o600;

/// The rights of the group and of others.
const SHARED: u32 = 0o077;

/// How often a lock file is opened again that was deleted between being opened and being locked.
const MAX_LOCK_TRIES: usize = 3;

/// Which file it is, whatever its name: device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity(u64, u64);

impl Identity {
    /// Of the file with this name; `None`: there is none, or it cannot be reached.
    fn at(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|file| Self(file.dev(), file.ino()))
    }

    fn of(file: &File) -> io::Result<Self> {
        file.metadata().map(|file| Self(file.dev(), file.ino()))
    }
}

/// The files of an open database.
#[derive(Debug)]
pub struct Files {
    /// As it was named. Where that is a link, it may lead elsewhere one day.
    path: PathBuf,
    database_was: Identity,
    /// What SQLite keeps beside the file that the name leads to: the write-ahead log, and its index.
    log: Part,
    index: Part,
    lock_path: PathBuf,
    lock: Mutex<Lock>,
}

/// A file beside the database that SQLite makes when it needs it, and keeps for as long as somebody is connected.
#[derive(Debug)]
struct Part {
    path: PathBuf,
    /// Known from when it is first there.
    was: OnceLock<Identity>,
}

impl Part {
    fn new(path: PathBuf) -> Self {
        let part = Self { path, was: OnceLock::new() };
        part.is_as_it_was();
        part
    }

    fn is_as_it_was(&self) -> bool {
        match Identity::at(&self.path) {
            Some(now) => *self.was.get_or_init(|| now) == now,
            None => self.was.get().is_none(),
        }
    }
}

/// The lock of whoever says what waits in the outbox. It goes with the process, however it ends.
#[derive(Debug)]
enum Lock {
    /// This process does not need it.
    Free,
    Held(#[expect(dead_code, reason = "it is locked for as long as it is open")] File, Identity),
    /// Another process had it after this one. What that one has committed this one does not know of, so it is over.
    Lost,
}

/// Makes a database private before it is opened. The files that SQLite adds get the same rights.
pub fn make_private(path: &Path) {
    // Whatever is wrong with the place is found out by opening it.
    let _ = create_private(path);
    for path in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        tighten(&path);
    }
}

/// Creates an empty file that nobody else may read. It must not exist.
pub fn create_private(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path).map(drop)
}

/// Takes away the rights of others, where they have any.
fn tighten(path: &Path) {
    let Ok(file) = fs::metadata(path) else { return };
    if !file.is_file() || file.mode() & SHARED == 0 {
        return;
    }
    match fs::set_permissions(path, Permissions::from_mode(file.mode() & 0o777 & !SHARED)) {
        Ok(()) => log::info!("{} could be used by other users; its rights are {PRIVATE:o} now", path.display()),
        Err(_) => log::warn!(
            "{} can be used by other users, and this user may not change that. As its owner: chmod {PRIVATE:o} {0}",
            path.display()
        ),
    }
}

/// A file that SQLite keeps beside a database.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

impl Files {
    /// Of a database that was opened just now.
    pub fn of(path: PathBuf) -> Result<Self, OpenError> {
        // SQLite follows links, and so does the lock, or a link would be a way around it.
        let (Ok(real), Some(database_was)) = (fs::canonicalize(&path), Identity::at(&path)) else {
            return Err(OpenError::Unreadable { path });
        };
        Ok(Self {
            log: Part::new(beside(&real, "-wal")),
            index: Part::new(beside(&real, "-shm")),
            lock_path: beside(&real, ".lock"),
            path,
            database_was,
            lock: Mutex::new(Lock::Free),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes sure that no other process says what waits.
    pub fn lock(&self) -> Result<(), OpenError> {
        let path = || self.path.clone();
        let (file, identity) = take(&self.lock_path).map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::Running { path: path() },
            TryLockError::Error(_) => OpenError::ReadOnly { path: path() },
        })?;
        *self.lock.lock().expect("the lock is not poisoned") = Lock::Held(file, identity);
        Ok(())
    }

    /// Whether what is written now will be found by whoever opens the database next, and nobody else writes.
    pub fn check(&self) -> Result<(), Unwritable> {
        match Identity::at(&self.path) {
            None => return Err(Unwritable::Deleted { path: self.path.clone() }),
            Some(now) if now != self.database_was => return Err(Unwritable::Replaced { path: self.path.clone() }),
            Some(_) => {}
        }
        if let Some(part) = [&self.log, &self.index].into_iter().find(|part| !part.is_as_it_was()) {
            return Err(Unwritable::PartDeleted { path: part.path.clone() });
        }
        let mut lock = self.lock.lock().expect("the lock is not poisoned");
        let path = || self.lock_path.clone();
        match &*lock {
            Lock::Free => return Ok(()),
            Lock::Lost => return Err(Unwritable::Superseded { path: path() }),
            Lock::Held(_, identity) if Identity::at(&self.lock_path) == Some(*identity) => return Ok(()),
            Lock::Held(..) => {}
        }
        match take(&self.lock_path) {
            Ok((file, identity)) => {
                log::warn!("The lock file {} was deleted, and is made anew. Leave it there", self.lock_path.display());
                *lock = Lock::Held(file, identity);
                Ok(())
            }
            Err(TryLockError::WouldBlock) => {
                *lock = Lock::Lost;
                Err(Unwritable::Superseded { path: path() })
            }
            Err(TryLockError::Error(_)) => Err(Unwritable::Unlocked { path: path() }),
        }
    }

    /// Whether the write-ahead log is gone and nothing has taken its place.
    pub fn log_is_gone(&self) -> bool {
        !self.log.path.exists()
    }

    /// What an error of a write means for the person who runs the bot.
    pub fn explain(&self, error: &rusqlite::Error) -> Unwritable {
        let path = self.path.clone();
        // SQLite's primary result codes (sqlite.org/rescode.html) are the low byte of the extended ones.
        match error.sqlite_error().map(|error| error.extended_code & 0xff) {
            Some(3 | 8 | 23) => Unwritable::ReadOnly { path },
            Some(5 | 6) => Unwritable::Busy { path },
            // A file system that has turned read-only is an error of the disk to SQLite. It keeps no POSIX lock on the log.
            Some(10) => match OpenOptions::new().append(true).open(&self.log.path) {
                Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Unwritable::ReadOnly { path },
                _ => Unwritable::Disk { path },
            },
            Some(11 | 26) => Unwritable::Damaged { path },
            Some(13) => Unwritable::Full { path },
            Some(14) => Unwritable::Disk { path },
            _ => Unwritable::Other { path, what: error.to_string() },
        }
    }
}

/// Locks a file, which is made where needed, and makes sure that it is still the one with that name.
fn take(path: &Path) -> Result<(File, Identity), TryLockError> {
    for _ in 0..MAX_LOCK_TRIES {
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(PRIVATE).open(path);
        let file = file.map_err(TryLockError::Error)?;
        file.try_lock()?;
        let identity = Identity::of(&file).map_err(TryLockError::Error)?;
        if Identity::at(path) == Some(identity) {
            tighten(path);
            return Ok((file, identity));
        }
    }
    Err(TryLockError::Error(io::ErrorKind::NotFound.into()))
}
