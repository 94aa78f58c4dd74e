//! `simoff check` on copies of the dialogue with seeded faults: each is named with file and line, all in one run.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A copy of the shipped dialogues.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"), folder.path());
    folder
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&target).unwrap();
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Replaces a piece of a file, which must be there once, and returns the line it stands on.
fn seed(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(old).count(), 1, "{old:?} in {file}");
    fs::write(path, text.replace(old, new)).unwrap();
}

fn check(folder: &Path) -> (Output, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_simoff"))
        .args(["check", "--dialogues"])
        .arg(folder)
        .env_clear()
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    (output, text)
}

/// The line of a file on which a piece of text begins.
fn line_of(folder: &Path, file: &str, piece: &str) -> usize {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    let at = text.find(piece).unwrap_or_else(|| panic!("{piece:?} in {file}"));
    text[..at].matches('\n').count() + 1
}

/// That the report names a problem at the line on which `piece` begins.
fn assert_named(folder: &Path, report: &str, message: &str, file: &str, piece: &str) {
    let place = format!("{file}:{}:", line_of(folder, file, piece));
    let found = report.split("Error: ").chain(report.split("Warning: ")).any(|problem| {
        problem.split_once('\n').is_some_and(|(first, rest)| {
            first.contains(message) && rest.lines().next().is_some_and(|line| line.contains(&place))
        })
    });
    assert!(found, "{message:?} at {place} is not in:\n{report}");
}

const DIALOGUE: &str = "deregister/dialogue.toml";
const FACTS: &str = "deregister/facts.toml";

#[test]
fn the_shipped_dialogue_is_clean() {
    let folder = copy();
    let (output, report) = check(folder.path());
    assert!(output.status.success(), "{report}");
    assert!(report.contains("0 errors, 0 warnings"), "{report}");
}

#[test]
fn seeded_faults_are_all_named_in_one_run() {
    let copy = copy();
    let folder = copy.path();
    let zh = "deregister/zh-Hans.ftl";
    let en = "deregister/en.ftl";
    // Unknown key.
    seed(folder, DIALOGUE, "id = \"involve_holder\"", "id = \"involve_holder\"\ncolour = \"red\"");
    // Guard on a later question.
    seed(
        folder,
        DIALOGUE,
        "ask_if = { status = [\"kept\", \"suspended\"] }",
        "ask_if = { status = [\"kept\", \"suspended\"], place = \"abroad\" }",
    );
    // Unknown option.
    seed(
        folder,
        DIALOGUE,
        "when = { holder = \"reachable\" }",
        "when = { holder = \"reachable\", operator = \"vodafone\" }",
    );
    // Dead step: the seller cannot be reached, so `place` is never asked.
    seed(
        folder,
        DIALOGUE,
        "when = { holder = \"unreachable\" }\nasks",
        "when = { holder = \"unreachable\", place = \"abroad\" }\nasks",
    );
    // A question that changes nothing.
    seed(
        folder,
        DIALOGUE,
        "[[question]]\nid = \"receives\"",
        "[[question]]\nid = \"mood\"\noptions = [\"good\", \"bad\"]\n\n[[question]]\nid = \"receives\"",
    );
    // Missing text, unused text.
    seed(folder, en, "    .do = Once you hold the confirmation, delete the eSIM in the phone's settings.\n", "");
    seed(folder, zh, "p-sim = SIM 卡", "p-sim = SIM 卡\np-licence = 驾照");
    // A digit in a text.
    seed(folder, zh, "p-receipt = 缴费凭证(有就带上)", "p-receipt = 3 张缴费凭证");
    // Two options that claim one word.
    seed(folder, zh, ".bakcell-words = bakcell|", ".bakcell-words = bakcell|azercell|");
    // An emergency number as a hotline.
    seed(folder, FACTS, "id = \"bakcell_number\"\nvalue = \"555\"", "id = \"bakcell_number\"\nvalue = \"102\"");
    // An irreversible step that does not wait for its protectors.
    seed(
        folder,
        DIALOGUE,
        "after = [\"list_accounts\", \"save_telegram\", \"save_accounts\", \"back_up\", \"trace_seller\"]",
        "after = [\"trace_seller\"]",
    );
    // A step before the one it comes after.
    seed(
        folder,
        DIALOGUE,
        "id = \"save_telegram\"\nwhen = { accounts = \"telegram\" }\nprotects = [\"telegram\"]\nafter = [\"list_accounts\"]",
        "id = \"save_telegram\"\nwhen = { accounts = \"telegram\" }\nprotects = [\"telegram\"]\nafter = [\"visit_store\"]",
    );

    let (output, report) = check(folder);
    assert_eq!(output.status.code(), Some(1), "{report}");
    for (message, file, piece) in [
        ("unknown key `colour`", DIALOGUE, "colour = \"red\""),
        (
            "the guard names `place`, which is not a question above",
            DIALOGUE,
            "ask_if = { status = [\"kept\", \"suspended\"], place",
        ),
        ("`operator` has no option `vodafone`", DIALOGUE, "when = { holder = \"reachable\", operator"),
        ("the step `trace_seller` can never happen", DIALOGUE, "id = \"trace_seller\""),
        ("the question `mood` changes nothing", DIALOGUE, "id = \"mood\""),
        ("the options `good` and `bad` of `mood` never make a difference", DIALOGUE, "options = [\"good\", \"bad\"]"),
        ("the text `s-delete_esim.do` is missing in deregister/en.ftl", DIALOGUE, "id = \"delete_esim\""),
        ("nothing uses the text `p-licence`", zh, "p-licence"),
        ("`p-receipt` holds `3`", zh, "p-receipt"),
        ("both claim the word", zh, ".bakcell-words"),
        ("`102` is an emergency number (police), not a hotline", FACTS, "value = \"102\"\nkind = \"hotline\""),
        (
            "the irreversible step `let_lapse` may come before `save_telegram`, which protects telegram",
            DIALOGUE,
            "id = \"let_lapse\"",
        ),
        ("`after` names `visit_store`, which is not a step above", DIALOGUE, "after = [\"visit_store\"]"),
    ] {
        assert_named(folder, &report, message, file, piece);
    }
}

/// One fault at a time, each with what the report must say. The table of checks, seen from outside.
#[test]
fn every_check_finds_its_fault() {
    let en = "deregister/en.ftl";
    let zh = "deregister/zh-Hans.ftl";
    for (file, old, new, message) in [
        (DIALOGUE, "schema = 1", "schema = 2", "`schema = 1`"),
        (DIALOGUE, "fallback = \"en\"", "fallback = \"tlh\"", "`fallback` is not one of"),
        (DIALOGUE, "closed = { result = [\"proven\"] }\n", "", "no `closed` guard"),
        (DIALOGUE, "id = \"holder\"\n", "id = \"operator\"\n", "already taken in question"),
        (DIALOGUE, "id = \"back_up\"\n", "id = \"Back-Up\"\n", "is not an id"),
        (DIALOGUE, "many = true", "many = \"yes\"", "must be true or false"),
        (DIALOGUE, "options = [\"store\", \"online\"]", "options = [\"store\"]", "needs two to"),
        (DIALOGUE, "alone = [\"nothing\", \"unsure\"]", "alone = [\"all\"]", "has no option `all`"),
        (DIALOGUE, "when = { place = \"abroad\" }\n[[contact]]", "when = \"abroad\"\n[[contact]]", "must be a table"),
        (DIALOGUE, "[[topic]]\nid = \"privacy\"", "[[topic]]\nid = \"terms\"", "already taken in topic"),
        (DIALOGUE, "asks = [\"accounts\"]", "asks = [\"money\"]", "there is no question `money`"),
        (DIALOGUE, "asks = [\"accounts\"]\n", "", "not shown a way to find out"),
        (
            DIALOGUE,
            "when = { place = [\"in_country\", \"abroad\"] }\nasks",
            "when = { place = \"in_country\" }\nasks",
            "no step asks the later question",
        ),
        (DIALOGUE, "[[question]]\nid = \"way\"", "[[question]\nid = \"way\"", "Error"),
        (
            DIALOGUE,
            "{ id = \"esim\", when = { sim = \"esim\" } }",
            "{ id = \"esim\", when = { sim = \"esim\", place = \"abroad\" } }",
            "can never appear in the step",
        ),
        (FACTS, "value = \"*1111\"\nkind = \"hotline\"\n", "value = \"*1111\"\nkind = \"phone\"\n", "is not a kind"),
        (FACTS, "id = \"bakcell_check\"\n", "", "has no `id`"),
        (
            FACTS,
            "value = \"bakcell.com\"\nkind = \"site\"\nsource = \"https://bakcell.com/en/tariffs-archive\"",
            "value = \"bakcell.com\"\nkind = \"site\"\nsource = \"hearsay\"",
            "a source is the address",
        ),
        (
            FACTS,
            "value = \"*100#\"\nkind = \"ussd\"\nsource = \"https://www.bakcell.com/klass/az/klass/postpaid-5\"\nconfidence = \"official\"\nchecked = 2026-11-22",
            "value = \"*100#\"\nkind = \"ussd\"\nsource = \"https://www.bakcell.com/klass/az/klass/postpaid-5\"\nconfidence = \"official\"\nchecked = 2999-01-01",
            "checked in the future",
        ),
        (FACTS, "id = \"telegram_change_hours\"", "id = \"telegram_hours\"", "neither a fact nor an argument"),
        (en, "q-place = ", "q-plaza = ", "the text `q-place` is missing"),
        (
            en,
            "c-from_abroad = Short numbers",
            "c-from_abroad = { $azercell_number } Short numbers",
            "does not quote the same",
        ),
        (en, "p-sim = The SIM card", "p-sim = The <u>SIM</u> card", "uses the tag `<u>`"),
        (en, "p-sim = The SIM card", "p-sim = The <b>SIM card", "does not close `<b>`"),
        (en, ".esim = eSIM\n", ".esim = <b>eSIM</b>\n", "has markup"),
        (en, "p-sim = The SIM card", "p-sim = The SIM card, see www.example", "holds `www.`"),
        (
            en,
            ".store = Go to a store\n",
            ".store = Go to a store, which is very near to where you are, and be there early in the day\n",
            "characters; one to",
        ),
        (zh, ".esim-words = esim|", ".esim-words = 帮助|esim|", "which is the command /help"),
        (zh, "p-sim = SIM 卡\n", "p-sim = SIM 卡\np-sim = SIM\n", "written twice"),
        (zh, "p-sim = SIM 卡\n", "p-sim = SIM { 卡\n", "deregister/zh-Hans.ftl"),
        ("deregister/people/azercell-store.toml", "\"visit_store\"", "\"cancel_online\"", "gets another plan"),
        (
            "deregister/people/azercell-store.toml",
            "place = \"in_country\"",
            "place = \"abroad\"",
            "does not answer `helper`",
        ),
        (
            DIALOGUE,
            "ask_if = { place = \"in_country\", operator = \"azercell\" }",
            "ask_if = { place = \"in_country\", holder = \"unreachable\" }",
            "the question `way` can never be asked",
        ),
        (
            DIALOGUE,
            "closed = { result = [\"proven\"] }",
            "closed = { result = [\"proven\"], holder = \"unreachable\" }",
            "no situation satisfies `closed`",
        ),
        (
            DIALOGUE,
            "id = \"caspian_none\"\nwhen = { operator = \"caspian_mobile\" }",
            "id = \"caspian_none\"\nwhen = { operator = \"caspian_mobile\", way = \"store\" }",
            "the contact `caspian_none` can never appear",
        ),
        (
            DIALOGUE,
            "answers = { sim = \"esim\" }",
            "answers = { sim = [\"card\", \"esim\"] }",
            "a link gives one answer to `sim`",
        ),
        (DIALOGUE, "answers = { sim = \"esim\" }", "answers = []", "a link has one table of `answers`"),
        (DIALOGUE, "counter = \"az\"", "counter = \"tlh\"", "`counter` is not one of"),
        (DIALOGUE, "name = \"Asia/Taipei\"", "name = \"Asia/Nowhere\"", "is not an IANA time zone"),
        (DIALOGUE, "at = [25.0, 121.5]", "at = [25.0]", "degrees north, degrees east"),
        ("common.en.ftl", "zone-guess = Asia/Baku", "zone-guess = Europe/Paris", "the name of one of the zones"),
        (DIALOGUE, "once = \"send_proxy\"\n", "once = \"confirm_result\"\n", "the offer `helper` can never be made"),
        (
            DIALOGUE,
            "id = \"with_nothing\"\nwhen = { sim = \"lost\" }",
            "id = \"with_nothing\"\nwhen = { sim = \"lost\", holder = \"unreachable\" }",
            "can never appear on the card",
        ),
        (DIALOGUE, "id = \"with_nothing\"", "id = \"with_less\"", "the text `k-with_less` is missing"),
        (
            DIALOGUE,
            "letter = { place = \"abroad\" }\nhotline = true\nafter = [\n  \"list_accounts\", \"save_telegram\", \"save_accounts\", \"back_up\", \"use_credit\", \"settle_arrears\", \"lift_suspension\",\n  \"end_bundle\", \"ask_procedure\"",
            "letter = { mood = \"good\" }\nhotline = true\nafter = [\n  \"list_accounts\", \"save_telegram\", \"save_accounts\", \"back_up\", \"use_credit\", \"settle_arrears\", \"lift_suspension\",\n  \"end_bundle\", \"ask_procedure\"",
            "which is not a question above",
        ),
        (en, "profile-name = simoff", "profile-nickname = simoff", "the text `profile-name` is missing"),
        (
            zh,
            "profile-short = ",
            "profile-short = 一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡一张卡",
            "characters; one to 120",
        ),
        ("translations.toml", "answers-none = { en = \"", "answers-none = { en = \"wxyz", "is not a fingerprint"),
    ] {
        let copy = copy();
        seed(copy.path(), file, old, new);
        let (output, report) = check(copy.path());
        assert_eq!(output.status.code(), Some(1), "{new:?}: {report}");
        assert!(report.contains(message), "{message:?} is not in:\n{report}");
    }
}

/// Faults that take more than one edit.
#[test]
fn faults_in_several_places_are_found_too() {
    let folder = copy();
    let path = folder.path().join(FACTS);
    let facts = fs::read_to_string(&path).unwrap();
    fs::write(&path, facts.replace("kind = \"emergency\"", "kind = \"site\"")).unwrap();
    let (_, report) = check(folder.path());
    assert!(report.contains("nothing keeps a hotline from being one"), "{report}");

    let folder = copy();
    for (old, new) in [
        (
            "when = { holder = \"unreachable\" }\nasks",
            "when = { holder = \"unreachable\", accounts = \"telegram\" }\nasks",
        ),
        ("id = \"back_up\"\n", "id = \"back_up\"\nwhen = { accounts = \"telegram\" }\n"),
        (
            "when = { holder = \"unreachable\" }\nirreversible",
            "when = { holder = \"unreachable\", accounts = \"telegram\" }\nirreversible",
        ),
    ] {
        seed(folder.path(), DIALOGUE, old, new);
    }
    let (_, report) = check(folder.path());
    assert!(report.contains("some situation ends without a single step"), "{report}");

    let folder = copy();
    let long = format!("p-sim = {}The SIM card", "The SIM card. ".repeat(400));
    seed(folder.path(), "deregister/en.ftl", "p-sim = The SIM card", &long);
    let (output, report) = check(folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(report.contains("units in en; 4096 fit"), "{report}");
}

/// Runs simoff on a folder of dialogues.
fn simoff(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simoff"));
    command.args(arguments).arg("--dialogues").arg(folder).env_clear().current_dir(folder).output().unwrap()
}

#[test]
fn a_guard_needs_somebody_on_both_sides() {
    let copy = copy();
    fs::remove_file(copy.path().join("deregister/people/nar-esim-credit.toml")).unwrap();
    // The built-in persona of the same name would step in, so it is laid over by one who is somewhere else.
    let other = fs::read_to_string(copy.path().join("deregister/people/azercell-store.toml")).unwrap();
    fs::write(copy.path().join("deregister/people/nar-esim-credit.toml"), other).unwrap();
    let (output, report) = check(copy.path());
    assert_eq!(output.status.code(), Some(1), "{report}");
    for message in [
        "no persona has the note `check_nar`",
        "no persona goes without the note `transfer_azercell`",
        "no persona goes without the note `balance`",
    ] {
        assert!(report.contains(message), "{message:?} is not in:\n{report}");
    }
}

#[test]
fn a_translation_older_than_its_source_is_a_warning_until_somebody_has_read_it() {
    let copy = copy();
    let zh = "deregister/zh-Hans.ftl";
    seed(copy.path(), zh, "p-receipt = 缴费凭证(有就带上)", "p-receipt = 缴费凭证(有就一定带上)");
    let (output, report) = check(copy.path());
    assert!(output.status.success() && report.contains("0 errors, 3 warnings"), "{report}");
    for tag in ["en", "ru", "az"] {
        let file = format!("deregister/{tag}.ftl");
        let message = format!("`p-receipt` in {tag} is older than its source line");
        assert_named(copy.path(), &report, &message, &file, "p-receipt");
    }
    assert_eq!(simoff(copy.path(), &["check", "--release"]).status.code(), Some(1));
    let noted = simoff(copy.path(), &["translated", "en", "ru"]);
    assert!(String::from_utf8_lossy(&noted.stdout).starts_with("2 translations noted"), "{noted:?}");
    let (_, report) = check(copy.path());
    assert!(report.contains("`p-receipt` in az") && report.contains("0 errors, 1 warnings"), "{report}");
    assert!(simoff(copy.path(), &["translated"]).status.success());
    assert!(check(copy.path()).1.contains("0 errors, 0 warnings"));
    // Words to understand are no translations of each other.
    seed(copy.path(), zh, ".nar-words = nar|", ".nar-words = nar|纳尔|");
    assert!(check(copy.path()).1.contains("0 errors, 0 warnings"));
}

#[test]
fn what_works_but_should_not_stay_is_a_warning() {
    let en = "deregister/en.ftl";
    let lonely = "[[fact]]\nid = \"lonely\"\nvalue = \"example.org\"\nkind = \"site\"\nsource = \"https://example.org\"\n\
                  confidence = \"official\"\nchecked = 2026-11-22\nrecheck = 2027-05-22\n\n\
                  [[fact]]\nid = \"bakcell_number\"";
    for (file, old, new, message) in [
        (FACTS, "[[fact]]\nid = \"bakcell_number\"", lonely, "no text quotes the fact `lonely`"),
        (
            en,
            "q-operator = Which operator is this SIM from?",
            "q-operator = Is it Nar? Which operator is this SIM from?",
            "asks more than one thing",
        ),
        (
            en,
            "p-receipt = Payment receipts",
            "p-receipt = If you still have any of them somewhere in your mail or in a drawer or with the seller of the card who may have kept a copy for the books of the shop, payment receipts",
            "has a long sentence",
        ),
    ] {
        let copy = copy();
        seed(copy.path(), file, old, new);
        let (output, report) = check(copy.path());
        assert!(output.status.success() && report.contains(message), "{message:?} is not in:\n{report}");
    }
}

#[test]
fn a_fact_past_its_date_is_a_warning() {
    let copy = copy();
    let old = "id = \"nar_check\"\nvalue = \"*777#\"\nkind = \"ussd\"\nsource = \"https://www.nar.az/en/senin-ucun/nar-plus\"\nconfidence = \"official\"\nchecked = 2026-11-22\nrecheck = 2027-05-22";
    seed(copy.path(), FACTS, old, &old.replace("2026-11-22", "2020-01-01").replace("2027-05-22", "2020-07-01"));
    let (output, report) = check(copy.path());
    assert!(output.status.success(), "{report}");
    assert!(report.contains("`nar_check` is due for a re-check since 2020-07-01"), "{report}");
    // For a release it is not good enough, and the maintainer sees it at the top of the table.
    let release = simoff(copy.path(), &["check", "--release"]);
    assert_eq!(release.status.code(), Some(1), "{}", String::from_utf8_lossy(&release.stdout));
    let table = String::from_utf8(simoff(copy.path(), &["facts"]).stdout).unwrap();
    let first = table.lines().nth(1).unwrap();
    assert!(first.starts_with("nar_check") && first.contains("read again"), "{first}");
    assert!(table.contains("43 facts, 1 to read again"), "{table}");
}
