//! What happens to the place where the database is, one fault at a time: nothing is acknowledged that is lost.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::{Span, Timestamp};
use rusqlite::Connection;
use simoff::conversation::Conversation;
use simoff::dialogues::{Source, load};
use simoff::store::{OpenError, SessionChange, Store, Turn, Unwritable};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row};

use crate::fake_telegram::{Chat, Fake};
use crate::operations::{get, watched};
use crate::postgres::Database;
use crate::telegram::{Bot, Mode, count, in_both_modes, program};

in_both_modes! {
    a_deleted_database_acknowledges_nothing,
    a_database_that_is_put_back_is_used_again,
    a_replaced_database_acknowledges_nothing,
    a_deleted_write_ahead_log_loses_nothing,
    files_are_private_whatever_the_umask,
}

/// What SQLite keeps of a database.
const FILES: [&str; 3] = ["bot.db", "bot.db-wal", "bot.db-shm"];

/// How often something is looked for, with 20 ms between, before a test gives up.
const LOOKS: usize = 1500;

/// Looks until something is so; whether it came to that.
async fn comes_true(mut so: impl FnMut() -> bool) -> bool {
    for _ in 0..LOOKS {
        if so() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

/// Some people begin to talk, beside everything else.
fn begin(fake: &Fake, ids: std::ops::RangeInclusive<i64>) -> Vec<Chat> {
    let people: Vec<Chat> = ids.map(|id| fake.chat(id, "en")).collect();
    for chat in &people {
        chat.post("/start nar");
    }
    people
}

async fn all_are_answered(people: &[Chat]) {
    join_all(people.iter().map(|chat| chat.until_last_says("In whose name"))).await;
}

/// Waits until the bot says in its log what is wrong, and counts the people who were answered all the same.
async fn answered_before(bot: &Bot, people: &[Chat], sentence: &str) -> usize {
    let answered = || people.iter().filter(|chat| !chat.messages().is_empty()).count();
    comes_true(|| bot.log().contains(sentence) || answered() == people.len()).await;
    // A bot that goes on as if nothing had happened has the time to do so.
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("{} of {} answered after the fault", answered(), people.len());
    answered()
}

async fn a_deleted_database_acknowledges_nothing(mode: Mode) {
    let fake = Fake::start().await;
    let mut bot = Bot::start_as(&fake, mode);
    fake.chat(100, "en").say("/start").await;
    fake.confirmed().await;
    for file in FILES {
        fs::remove_file(bot.folder.path().join(file)).unwrap();
    }
    let people = begin(&fake, 1..=18);
    assert_eq!(answered_before(&bot, &people, "was deleted or moved while simoff runs on it").await, 0);
    bot.kill();
    bot.restart();
    all_are_answered(&people).await;
    fake.confirmed().await;
    println!("{mode:?}: {} of 18 talks in the new database", count(&bot.database(), "session"));
    assert_eq!(count(&bot.database(), "session"), 18);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_database_that_is_put_back_is_used_again(mode: Mode) {
    let fake = Fake::start().await;
    let mut bot = Bot::start_as(&fake, mode);
    fake.chat(100, "en").say("/start nar").await;
    fake.confirmed().await;
    let away = tempfile::tempdir_in(bot.folder.path()).unwrap();
    let here = |file: &str| bot.folder.path().join(file);
    for file in FILES {
        fs::rename(here(file), away.path().join(file)).unwrap();
    }
    let people = begin(&fake, 1..=6);
    assert_eq!(answered_before(&bot, &people, "was deleted or moved while simoff runs on it").await, 0);
    for file in FILES {
        fs::rename(away.path().join(file), here(file)).unwrap();
    }
    all_are_answered(&people).await;
    fake.confirmed().await;
    bot.kill();
    assert_eq!(count(&bot.database(), "session"), 7, "everybody, after a kill");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_replaced_database_acknowledges_nothing(mode: Mode) {
    let fake = Fake::start().await;
    let mut bot = Bot::start_as(&fake, mode);
    fake.chat(100, "en").say("/start nar").await;
    fake.confirmed().await;
    crate::telegram::wait_until_said(&bot).await;
    bot.run_with(&["backup", "copy.db"]);
    // A restore by somebody who forgot to stop the bot.
    fs::rename(bot.folder.path().join("copy.db"), bot.database()).unwrap();
    for file in &FILES[1..] {
        fs::remove_file(bot.folder.path().join(file)).unwrap();
    }
    let people = begin(&fake, 1..=6);
    let sentence = "another file has taken the place of the database";
    assert_eq!(answered_before(&bot, &people, sentence).await, 0);
    bot.kill();
    bot.restart();
    all_are_answered(&people).await;
    fake.confirmed().await;
    assert_eq!(count(&bot.database(), "session"), 7, "those of the copy, and those who spoke after it");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_deleted_write_ahead_log_loses_nothing(mode: Mode) {
    let fake = Fake::start().await;
    let mut bot = Bot::start_as(&fake, mode);
    let before = begin(&fake, 1..=6);
    all_are_answered(&before).await;
    fake.confirmed().await;
    fs::remove_file(bot.folder.path().join("bot.db-wal")).unwrap();
    let people = begin(&fake, 11..=16);
    assert_eq!(answered_before(&bot, &people, "a part of the database, was deleted or replaced").await, 0);
    bot.kill();
    bot.restart();
    all_are_answered(&people).await;
    fake.confirmed().await;
    println!("{mode:?}: {} of 12 talks after a kill", count(&bot.database(), "session"));
    assert_eq!(count(&bot.database(), "session"), 12, "what was acknowledged before the fault, and after the restart");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// The rights of a file.
fn rights(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).mode() & 0o777
}

async fn files_are_private_whatever_the_umask(mode: Mode) {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut bot = Bot::start_limited_as(folder, &fake, mode, "umask 000; exec \"$0\" telegram");
    fake.chat(1, "en").say("/start").await;
    let backup = Command::new("bash")
        .args(["-c", "umask 000; exec \"$0\" backup copy.db"])
        .arg(program())
        .env("DATABASE_URL", bot.setting("DATABASE_URL"))
        .current_dir(bot.folder.path())
        .output()
        .unwrap();
    assert!(backup.status.success(), "{}", String::from_utf8_lossy(&backup.stderr));
    let at = |file: &str| bot.folder.path().join(file);
    let all = [&FILES[..], &["bot.db.lock", "copy.db"]].concat();
    let found: Vec<String> = all.iter().map(|file| format!("{file} {:o}", rights(&at(file)))).collect();
    println!("{mode:?}: {}", found.join(", "));
    assert!(all.iter().all(|file| rights(&at(file)) == 0o600), "{found:?}");
    // What an older version has left readable is tightened.
    let wide = ["bot.db", "bot.db-wal", "bot.db.lock"];
    let widen =
        || wide.iter().for_each(|file| fs::set_permissions(at(file), PermissionsExt::from_mode(0o664)).unwrap());
    widen();
    bot.kill();
    bot.restart();
    fake.chat(2, "en").say("/start").await;
    assert!(all.iter().all(|file| rights(&bot.folder.path().join(file)) == 0o600));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_lock_file_is_made_anew() {
    let fake = Fake::start().await;
    let bot = Bot::start(&fake);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let lock = bot.folder.path().join("bot.db.lock");
    fs::remove_file(&lock).unwrap();
    assert!(comes_true(|| lock.exists()).await, "nobody has noticed");
    let database = format!("sqlite:{}", bot.database().display());
    let folder = tempfile::tempdir().unwrap();
    let mut second = Bot::start_with(folder, &fake, Mode::Polling, &[("DATABASE_URL", &database)]);
    assert_eq!(second.wait().code(), Some(1));
    assert!(second.log().contains("another simoff runs on the database"), "{}", second.log());
    chat.say("nar").await;
}

#[tokio::test]
async fn a_lock_that_another_process_has_taken_stops_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let open = || async { Store::open(&format!("sqlite:{}", path.display())).await.unwrap() };
    let (first, second) = (open().await, open().await);
    first.join().await.unwrap();
    assert!(matches!(second.join().await, Err(OpenError::Running { .. })));
    fs::remove_file(folder.path().join("t.db.lock")).unwrap();
    second.join().await.unwrap();
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    let refused = first.commit(Turn::of("p:1", now)).await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(Unwritable::Superseded { .. })), "{refused:#}");
    assert!(matches!(first.check_writable(now).await, Err(Unwritable::Superseded { .. })));
    second.commit(Turn::of("p:1", now)).await.unwrap();
    // It does not know what the second one has committed, so it does not go on even when that one is gone.
    drop(second);
    assert!(first.commit(Turn::of("p:1", now)).await.is_err());
    // A link is not a way around the lock.
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let third = open().await;
    // The writer of the dropped store releases the lock when it has finished.
    while third.join().await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let by_link = Store::open(&format!("sqlite:{}", link.display())).await.unwrap();
    assert!(matches!(by_link.join().await, Err(OpenError::Running { .. })));
}

/// Without the index of the log that we use, another process makes one of its own, and both write the same log.
#[tokio::test]
async fn a_deleted_index_of_the_log_acknowledges_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("t.db").display())).await.unwrap();
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    store.commit(Turn::of("p:1", now)).await.unwrap();
    fs::remove_file(folder.path().join("t.db-shm")).unwrap();
    let refused = store.commit(Turn::of("p:1", now)).await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(Unwritable::PartDeleted { .. })), "{refused:#}");
}

/// Waits until `/readyz` answers so.
async fn until_ready_says(admin: &str, code: u16, parts: &[&str]) {
    let mut last = (0, String::new());
    for _ in 0..LOOKS {
        last = get(admin, "/readyz").await;
        if last.0 == code && parts.iter().any(|part| last.1.contains(part)) {
            println!("/readyz: {code} {:?}", last.1);
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("/readyz never said {code} {parts:?}, but {last:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_not_ready_and_goes_on_by_itself() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let admin = watched();
    let mut bot = Bot::start_with(folder, &fake, Mode::Polling, &[("SIMOFF_ADMIN_LISTEN", &admin)]);
    bot.kill();
    // The signal that would end it is ignored, as a full disk sends none.
    bot.limit = Some("trap '' XFSZ; exec \"$0\" telegram".into());
    bot.restart();
    fake.chat(100, "en").say("/start").await;
    until_ready_says(&admin, 200, &["database ok"]).await;
    let limit = |size: &str| {
        let arguments = ["--pid".into(), bot.id().to_string(), format!("--fsize={size}:")];
        assert!(Command::new("prlimit").args(arguments).status().unwrap().success());
    };
    limit("4096");
    let people = begin(&fake, 1..=6);
    until_ready_says(&admin, 503, &["database cannot write: disk"]).await;
    limit("unlimited");
    until_ready_says(&admin, 200, &["database ok"]).await;
    all_are_answered(&people).await;
    fake.confirmed().await;
    assert_eq!(count(&bot.database(), "session"), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_somebody_else_holds_is_not_ready() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let admin = watched();
    let bot = Bot::start_with(folder, &fake, Mode::Polling, &[("SIMOFF_ADMIN_LISTEN", &admin)]);
    fake.chat(100, "en").say("/start").await;
    let other = Connection::open(bot.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    until_ready_says(&admin, 503, &["cannot write: held by another process", "cannot write: no answer"]).await;
    other.execute_batch("ROLLBACK").unwrap();
    until_ready_says(&admin, 200, &["database ok"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_takes_no_writes_is_not_ready() {
    let Some(database) = Database::create().await else { return };
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (admin, url) = (watched(), database.url());
    let settings = [("SIMOFF_ADMIN_LISTEN", admin.as_str()), ("DATABASE_URL", url.as_str())];
    let _bot = Bot::start_with(folder, &fake, Mode::Polling, &settings);
    fake.chat(100, "en").say("/start").await;
    let name = url.rsplit_once('/').unwrap().1;
    let mut server = database.connect().await;
    let mut set = async |read_only: &str| {
        let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = {read_only}");
        // The connection of the test obeys it too, once it is set.
        sqlx::query("SET default_transaction_read_only = off").execute(&mut server).await.unwrap();
        sqlx::query(AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sqlx::query(others).execute(&mut server).await.unwrap();
    };
    set("on").await;
    let people = begin(&fake, 1..=3);
    until_ready_says(&admin, 503, &["database cannot write: read-only"]).await;
    set("off").await;
    until_ready_says(&admin, 200, &["database ok"]).await;
    all_are_answered(&people).await;
}

/// A file system of the test's own; gone with this.
struct Mount {
    folder: tempfile::TempDir,
}

impl Mount {
    /// Mounts; `None` where this user may not, which is said aloud.
    fn new(prepare: &str) -> Option<Self> {
        let mount = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(mount.at()).unwrap();
        if !mount.shell(prepare) {
            use std::io::Write;
            let _ = std::io::stderr().write_all(b"\n!!! MAY NOT MOUNT: A DISK OF ITS OWN IS NOT TESTED !!!\n");
            return None;
        }
        Some(mount)
    }

    fn at(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    fn database(&self) -> String {
        format!("sqlite:{}", self.at().join("bot.db").display())
    }

    /// Runs a line of shell beside the mounted folder; whether it succeeds.
    fn shell(&self, line: &str) -> bool {
        let mut shell = Command::new("bash");
        shell.args(["-c", line]).current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        shell.status().unwrap().success()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.shell("umount -l mounted");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_runs_full_is_told_and_goes_on_by_itself() {
    let Some(disk) = Mount::new("mount -t tmpfs -o size=1m tmpfs mounted") else { return };
    let fake = Fake::start().await;
    let (admin, database) = (watched(), disk.database());
    let settings = [("SIMOFF_ADMIN_LISTEN", admin.as_str()), ("DATABASE_URL", database.as_str())];
    let bot = Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Webhook, &settings);
    fake.chat(100, "en").say("/start").await;
    // It ends because there is no more room, and that is what it is for.
    let _ = fs::write(disk.at().join("filler"), vec![1; 2 << 20]);
    let people = begin(&fake, 1..=6);
    until_ready_says(&admin, 503, &["database cannot write: disk full"]).await;
    assert!(bot.log().contains("Make room, and simoff goes on"), "{}", bot.log());
    fs::remove_file(disk.at().join("filler")).unwrap();
    all_are_answered(&people).await;
    until_ready_says(&admin, 200, &["database ok"]).await;
    fake.confirmed().await;
    assert_eq!(count(&disk.at().join("bot.db"), "session"), 6);
}

/// What Linux does with a damaged disk: the file system turns read-only under everybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_system_that_turns_read_only_acknowledges_nothing() {
    let make = "truncate -s 32M image && mkfs.ext4 -q -F image && mount -o loop image mounted";
    let Some(disk) = Mount::new(make) else { return };
    let fake = Fake::start().await;
    let (admin, database) = (watched(), disk.database());
    let settings = [("SIMOFF_ADMIN_LISTEN", admin.as_str()), ("DATABASE_URL", database.as_str())];
    let mut bot = Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Polling, &settings);
    let before = begin(&fake, 1..=6);
    all_are_answered(&before).await;
    fake.confirmed().await;
    assert!(disk.shell("mount -o remount,abort mounted"), "the disk does not turn read-only");
    let people = begin(&fake, 11..=16);
    assert_eq!(answered_before(&bot, &people, "its file system is read-only").await, 0);
    until_ready_says(&admin, 503, &["database cannot write: read-only"]).await;
    bot.kill();
    // The exit code of a check that has mended something is 1.
    assert!(disk.shell("umount mounted && { e2fsck -fy image; [ $? -le 1 ]; } && mount -o loop image mounted"));
    bot.restart();
    all_are_answered(&people).await;
    fake.confirmed().await;
    assert_eq!(count(&disk.at().join("bot.db"), "session"), 12);
}

/// People with these numbers talk to a bot on this database, which is stopped then. It has never looked for what is old.
async fn talked(fake: &Fake, url: &str, ids: std::ops::RangeInclusive<i64>) {
    let mut bot = Bot::start_with(tempfile::tempdir().unwrap(), fake, Mode::Polling, &[("DATABASE_URL", url)]);
    all_are_answered(&begin(fake, ids)).await;
    fake.confirmed().await;
    assert_eq!(bot.stop().code(), Some(0));
    change(url, &["DELETE FROM setting WHERE name = 'swept'"]).await;
}

/// Changes a database behind the back of a bot.
async fn change(url: &str, statements: &[&str]) {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let file = Connection::open(path).unwrap();
        statements.iter().for_each(|sql| file.execute_batch(sql).unwrap());
        return;
    }
    let mut server = PgConnection::connect(url).await.unwrap();
    for sql in statements {
        sqlx::raw_sql(AssertSqlSafe((*sql).to_owned())).execute(&mut server).await.unwrap();
    }
}

/// Writes talks of people who said something last at this time, each with a number of an update.
async fn fill(url: &str, people: i64, at: Timestamp) -> Store {
    let store = Store::open(url).await.unwrap();
    for person in 1..=people {
        let turn = Turn::of(format!("telegram:{person}"), at);
        let turn = Turn { updates: vec![person], session: SessionChange::Write("{}".into()), ..turn };
        store.commit(turn).await.unwrap();
    }
    store.flush().await;
    store
}

/// How many rows a table has, of whichever database.
async fn rows(url: &str, table: &str) -> i64 {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return count(Path::new(path), table);
    }
    let mut server = PgConnection::connect(url).await.unwrap();
    let row = sqlx::query(AssertSqlSafe(format!("SELECT count(*) FROM {table}"))).fetch_one(&mut server).await;
    row.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_leaps_ten_years_deletes_no_talk_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    a_clock_that_leaps_ten_years_deletes_no_talk(&format!("sqlite:{}", folder.path().join("t.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_leaps_ten_years_deletes_no_talk_on_a_server() {
    let Some(database) = Database::create().await else { return };
    a_clock_that_leaps_ten_years_deletes_no_talk(&database.url()).await;
}

/// A clock that is ahead by ten years is the same as talks that are ten years behind it.
async fn a_clock_that_leaps_ten_years_deletes_no_talk(url: &str) {
    let fake = Fake::start().await;
    talked(&fake, url, 1..=30).await;
    let past = Timestamp::now().as_second() - 10 * 365 * 86_400;
    let talks = format!("UPDATE session SET updated_at = {past}");
    change(url, &[&talks, &format!("UPDATE processed_update SET processed_at = {past}")]).await;
    let bot = Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Polling, &[("DATABASE_URL", url)]);
    fake.chat(100, "en").say("/start nar").await;
    let swept = |log: &str| log.contains("set the clock of the machine right") || log.contains("Deleted 30 talks");
    assert!(comes_true(|| swept(&bot.log())).await, "nothing was swept");
    println!(
        "{} of 31 talks and {} of 31 updates are left",
        rows(url, "session").await,
        rows(url, "processed_update").await
    );
    assert_eq!((rows(url, "session").await, rows(url, "processed_update").await), (31, 31));
}

#[tokio::test]
async fn what_is_old_is_swept_once_a_day_and_follows_the_clock_slowly_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    sweeping_follows_the_clock_slowly(&format!("sqlite:{}", folder.path().join("t.db").display())).await;
}

#[tokio::test]
async fn what_is_old_is_swept_once_a_day_and_follows_the_clock_slowly_on_a_server() {
    let Some(database) = Database::create().await else { return };
    sweeping_follows_the_clock_slowly(&database.url()).await;
}

async fn sweeping_follows_the_clock_slowly(url: &str) {
    const TEN_YEARS: i64 = 3650;
    let day = |day: i64| Timestamp::from_second(1_790_000_000 + day * 86_400).unwrap();
    let store = fill(url, 30, day(0)).await;
    let conversation = || {
        let dialogue = load(&Source::embedded(), "2026-11-23".parse().unwrap()).dialogue.unwrap();
        Conversation::new(dialogue, store.clone())
    };
    // Two processes; one of them sweeps, and it is enough for a day.
    let (one, other) = (conversation(), conversation());
    let (left, right) = tokio::join!(one.sweep(day(0)), other.sweep(day(0)));
    let mut both = [left.unwrap(), right.unwrap()];
    both.sort();
    assert_eq!(both, [None, Some(0)]);
    assert_eq!(one.sweep(day(1) - Span::new().seconds(1)).await.unwrap(), None);
    assert_eq!(one.sweep(day(1)).await.unwrap(), Some(0));
    // Ten years ahead, for two days: not even the numbers of updates are forgotten, which count for seven days.
    for leapt in [TEN_YEARS, TEN_YEARS + 1] {
        assert_eq!(one.sweep(day(leapt)).await.unwrap(), Some(0), "it is done, as of another time");
        assert_eq!(other.sweep(day(leapt)).await.unwrap(), None);
    }
    assert_eq!((rows(url, "session").await, rows(url, "processed_update").await), (30, 30));
    // Set right, it goes on at once, and no clock that jumps to and fro moves it further.
    for now in [3, TEN_YEARS, 3, TEN_YEARS, 3, TEN_YEARS, 3, 4, 5] {
        one.sweep(day(now)).await.unwrap();
    }
    assert_eq!((rows(url, "session").await, rows(url, "processed_update").await), (30, 30));
    assert_eq!(one.sweep(day(8)).await.unwrap(), Some(0));
    // Stopped for 400 days, it catches up, and then what is old goes.
    let mut deleted = 0;
    for now in 408..900 {
        deleted += one.sweep(day(now)).await.unwrap().unwrap();
        if deleted > 0 {
            println!("caught up after {} days", now - 408);
            break;
        }
    }
    assert_eq!((deleted, rows(url, "session").await, rows(url, "processed_update").await), (30, 0, 0));
}

/// One process with two channels: what is old is looked for once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_old_is_deleted_once_for_all_channels() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let url = format!("sqlite:{}", path.display());
    let fake = Fake::start().await;
    talked(&fake, &url, 1..=1).await;
    // A recovery code that is old and cannot be deleted, but counts how often somebody tries.
    let counts = "INSERT INTO recovery VALUES ('hash', 'telegram:1', 0); CREATE TABLE tries (n INTEGER); \
         CREATE TRIGGER counts BEFORE DELETE ON recovery BEGIN INSERT INTO tries VALUES (1); SELECT raise(IGNORE); END";
    change(&url, &[counts]).await;
    let listen = watched();
    let settings = [("DATABASE_URL", url.as_str()), ("SIMOFF_WEB", "true"), ("SIMOFF_WEB_LISTEN", &listen)];
    let _bot = Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Polling, &settings);
    fake.chat(100, "en").say("/start").await;
    assert_eq!(get(&listen, "/").await.0, 200, "the page is there");
    assert!(comes_true(|| count(&path, "tries") > 0).await, "nobody has tried");
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("{} sweeps", count(&path, "tries"));
    assert_eq!(count(&path, "tries"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_copy_does_not_undo_what_was_said_since_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    a_second_copy_is_refused(&format!("sqlite:{}", folder.path().join("target.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_copy_does_not_undo_what_was_said_since_on_a_server() {
    let Some(database) = Database::create().await else { return };
    a_second_copy_is_refused(&database.url()).await;
}

async fn a_second_copy_is_refused(target: &str) {
    let folder = tempfile::tempdir().unwrap();
    let source = format!("sqlite:{}", folder.path().join("source.db").display());
    let fake = Fake::start().await;
    talked(&fake, &source, 1..=3).await;
    let copy = || {
        let output =
            Command::new(program()).args(["store", "copy", "--from", &source, "--to", target]).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // As often as one likes, as long as nobody has worked there.
    for _ in 0..2 {
        assert_eq!(copy().0, Some(0));
    }
    let mut bot = Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Polling, &[("DATABASE_URL", target)]);
    fake.chat(2, "en").say("/start nar").await;
    fake.chat(100, "en").say("/start nar").await;
    assert_eq!(bot.stop().code(), Some(0));
    let (code, said) = copy();
    println!("exit {code:?}, {} of 4 talks: {said}", rows(target, "session").await);
    assert_eq!((code, rows(target, "session").await), (Some(1), 4));
    assert!(said.contains("2 of its 4 talks are newer") && said.contains("Copy to an empty database"), "{said}");
}
