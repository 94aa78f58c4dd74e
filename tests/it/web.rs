//! The page without a browser: whom it lets in, what it stores, and what it does beside Telegram and other processes.

use std::time::Duration;

use crate::fake_telegram::Fake;
use crate::postgres::Database;
use crate::site::{Site, Visitor, form, person_of, value_of};
use crate::telegram::{Bot, Mode, SECRET, ask, expect, free_port};

fn has(page: &str, words: &[&str]) {
    for word in words {
        assert!(page.contains(word), "no {word:?} in {page}");
    }
}

fn rows(site: &Site, sql: &str) -> i64 {
    ask(&site.database(), sql)
}

const EVERYTHING: &str = "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM outbox)";

/// Answers the questions, up to the plan.
async fn to_the_plan(visitor: &mut Visitor) -> String {
    for words in
        ["azercell", "in my own name", "kept", "zero balance", "no package", "physical card", "here", "later", "store"]
    {
        visitor.say(words).await;
    }
    visitor.say("nothing linked").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_changes_nothing_and_a_form_begins_a_talk() {
    let site = Site::start();
    let mut visitor = site.visitor();
    let first = visitor.get("/").await;
    assert!(first.headers().get("set-cookie").is_none(), "whoever only looks is not marked");
    has(&first.text().await.unwrap(), &["<html lang=\"en\"", "Which operator", "Azercell</button>"]);
    assert_eq!(visitor.get("/events").await.status(), 204);
    assert_eq!(rows(&site, EVERYTHING), 0);
    let page = visitor.press("Azercell").await;
    has(&page, &["In whose name"]);
    assert!(!page.contains("Which operator is this"), "the answer takes the place of the question");
    // A reload shows the same, typed answers too.
    has(&visitor.say("can I get the balance back").await, &["No published"]);
    assert_eq!(visitor.page().await, visitor.page().await);
    has(&visitor.page().await, &["No published"]);
    assert_eq!(rows(&site, "SELECT count(*) FROM outbox"), 1);
    // The cookie is not in the database, only what it leads to.
    let cookie = visitor.cookie.clone().unwrap();
    let cookie = cookie.strip_prefix("simoff=").unwrap();
    let stored: String = ask(&site.database(), "SELECT person FROM session");
    assert_eq!(stored, person_of(cookie));
    // To be forgotten leaves one screen, which says so.
    visitor.say("/forget").await;
    has(&visitor.press("Delete everything").await, &["Nothing is left"]);
    assert_eq!(rows(&site, "SELECT count(*) FROM session"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_from_elsewhere_is_refused() {
    let site = Site::start();
    let visitor = site.visitor();
    let own = format!("http://{}", site.host);
    for headers in [
        &[][..],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", own.as_str()), ("sec-fetch-site", "cross-site")],
        &[("origin", own.as_str()), ("sec-fetch-site", "same-site")],
    ] {
        let refused = visitor.post(form("text", "azercell"), headers).await;
        assert_eq!(refused.status(), 403, "{headers:?}");
        assert!(refused.headers().get("set-cookie").is_none());
        has(&refused.text().await.unwrap(), &["did not come from our own page"]);
    }
    assert_eq!(rows(&site, EVERYTHING), 0);
    // A link from elsewhere comes without the cookie; the page asks again as itself.
    let linked = visitor.get_with("/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]).await;
    assert_eq!(linked.headers()["refresh"], "0;url=/");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_hardened_and_says_nothing_it_should_not() {
    let site = Site::start();
    let mut visitor = site.visitor();
    visitor.say("<script>alert(1)</script> \"><img src=x onerror=alert(1)>").await;
    let page = visitor.page().await;
    assert!(!page.contains("alert(1)"), "{page}");
    for (path, code, kept) in [
        ("/", 200, "no-store"),
        ("/page.css", 200, "public, max-age=31536000, immutable"),
        ("/page.js", 200, "public, max-age=31536000, immutable"),
        ("/icon.svg", 200, "public, max-age=31536000, immutable"),
        ("/file/1", 404, "no-store"),
        ("/file/%2e%2e%2fetc", 400, "no-store"),
        ("/studio", 404, "no-store"),
        ("/wp-login.php", 404, "no-store"),
    ] {
        let response = visitor.get(path).await;
        assert_eq!(response.status(), code, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), kept, "{path}");
        assert!(header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
    }
    // No inline script or style, which the policy would stop, and nothing from elsewhere.
    for word in ["style=", "onclick", "<script>", "src=\"http", "href=\"http"] {
        assert!(!page.contains(word), "{word} in {page}");
    }
    assert!(!site.log().contains("script"), "nothing that people say is logged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_reaches_their_own_page_and_nobody_elses() {
    let site = Site::start();
    let (mut one, mut other) = (site.visitor(), site.visitor());
    to_the_plan(&mut one).await;
    has(&one.say("/pack").await, &["Save simoff-plan.html"]);
    let page = one.page().await;
    let path = page.split("href=\"").find(|part| part.starts_with("/file/")).unwrap().split('"').next().unwrap();
    let own = one.get(path).await;
    assert_eq!(own.headers()["content-disposition"], "attachment; filename=\"simoff-plan.html\"");
    has(&own.text().await.unwrap(), &["<h1>Your plan</h1>"]);
    other.say("nar").await;
    assert_eq!(other.get(path).await.status(), 404);
    assert_eq!(site.visitor().get(path).await.status(), 404);
    // A forged button that names somebody else's screen takes nothing away from them.
    let message = path.strip_prefix("/file/").unwrap();
    let own_button = value_of(&other.page().await, "Myself").or(value_of(&other.page().await, "Not sure")).unwrap();
    let (_, act) = own_button.split_once(' ').unwrap();
    let origin = format!("http://{}", site.host);
    let forged = other.post(form("press", &format!("{message} {act}")), &[("origin", &origin)]).await;
    assert_eq!(forged.status(), 303);
    has(&one.page().await, &["Save simoff-plan.html"]);
    // Nonsense in a form is a reply, and never an error.
    for press in ["", " ", "x", "1 zzz", "99999999999999999999 v:here", "-1 v:plan", "\u{0}"] {
        assert_eq!(other.post(form("press", press), &[("origin", &origin)]).await.status(), 303, "{press:?}");
    }
    has(&other.page().await, &["<article"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_network_cannot_ask_for_everything() {
    let site = Site::start();
    let mut visitor = site.visitor();
    let origin = format!("http://{}", site.host);
    // The server may hang up before all of it is sent, which a client may learn as a broken line.
    let long = visitor.try_post(format!("text={}", "x".repeat(64 * 1024)), &[("origin", &origin)]).await;
    assert!(long.is_none_or(|answer| answer.status() == 413));
    assert_eq!(rows(&site, EVERYTHING), 0);
    visitor.say("nar").await;
    // Codes cannot be guessed, not even with a new cookie each time.
    let mut refused = 0;
    for guess in 0..22 {
        let code = format!("/restore AAAA-BBBB-CCCC-DD{guess:02}");
        let headers = [("origin", origin.as_str()), ("x-forwarded-for", "198.51.100.1")];
        let answer = visitor.post(form("text", &code), &headers).await;
        refused += u32::from(answer.status() == 429);
    }
    assert_eq!(refused, 2);
    let from = |address: &'static str| {
        let (visitor, origin) = (site.visitor(), origin.clone());
        async move {
            let headers = [("origin", origin.as_str()), ("x-forwarded-for", address)];
            visitor.post(form("text", "nar"), &headers).await.status()
        }
    };
    // New talks are dear: a network begins a handful at once, and others are none the worse.
    let mut begun = 0;
    while from("198.51.100.7").await == 303 {
        begun += 1;
        assert!(begun < 30, "there is no limit");
    }
    assert!(begun >= 5, "{begun} is too few for a family");
    assert_eq!(from("198.51.100.8").await, 303);
    let told = visitor.get_with("/", &[("x-forwarded-for", "198.51.100.7")]).await;
    assert!([200, 429].contains(&told.status().as_u16()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_page_is_told_and_does_not_keep_the_server_from_stopping() {
    let mut site = Site::start();
    let mut visitor = site.visitor();
    visitor.say("nar").await;
    let mut events = visitor.get("/events").await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let first = events.chunk().await.unwrap().unwrap();
    let newest = value_of(&visitor.page().await, "Not sure").unwrap();
    let newest = newest.split(' ').next().unwrap().to_owned();
    assert_eq!(String::from_utf8_lossy(&first), format!("data: {newest}\n\n"));
    // What another window does is told here.
    visitor.at(&site.host).press("Not sure").await;
    let next =
        tokio::time::timeout(Duration::from_secs(5), events.chunk()).await.expect("it is told").unwrap().unwrap();
    assert!(String::from_utf8_lossy(&next).starts_with("data: "), "{next:?}");
    assert!(site.stop().success());
    assert!(matches!(events.chunk().await, Ok(None)), "the stream ends properly");
}

#[test]
fn a_second_page_at_the_same_address_is_told_so() {
    let site = Site::start();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_simoff"))
        .args(["web", "--listen", &site.host])
        .current_dir(site.folder.path())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && error.contains(&format!("cannot listen on {}", site.host)), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_beside_the_webhook_and_a_talk_that_moves_there_and_back() {
    let fake = Fake::start().await;
    let host = format!("127.0.0.1:{}", free_port());
    let settings = [("SIMOFF_WEB", "1"), ("SIMOFF_WEB_LISTEN", host.as_str())];
    let bot = Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Webhook, &settings);
    let chat = fake.chat(7, "en");
    for words in ["/start azercell", "in my own name", "kept"] {
        chat.say(words).await;
    }
    let code = code_in(&chat.say("/code").await.text);
    let mut visitor = Visitor::new(&host);
    has(&visitor.page().await, &["Which operator"]);
    let page = visitor.say(&format!("/restore {code}")).await;
    has(&page, &["Everything is back", "balance"]);
    expect(&chat.say("/plan").await, &["Which operator"]);
    // And the other way round.
    for words in ["zero balance", "no package", "physical card", "here", "later", "store", "nothing linked"] {
        visitor.say(words).await;
    }
    let code = code_in(&visitor.say("/code").await.replace(['<', '>'], "\n"));
    expect(&chat.say(&format!("/restore {code}")).await, &["Everything is back", "Your plan"]);
    let left = visitor.page().await;
    assert!(left.contains("Which operator") && !left.contains(&code), "nothing of it is left behind: {left}");
    // Each has an address of its own.
    let hook = reqwest::Client::new().post(bot.setting("SIMOFF_WEBHOOK_URL")).body("{}");
    assert_eq!(hook.send().await.unwrap().status(), 401);
    assert_eq!(Visitor::new(bot.setting("SIMOFF_LISTEN")).get("/").await.status(), 404);
    assert_eq!(visitor.post("{}".into(), &[]).await.status(), 403);
    assert_eq!(visitor.get("/hook").await.status(), 404);
    assert!(!bot.log().contains(SECRET));
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// The code in a text: the line with four groups.
fn code_in(text: &str) -> String {
    let is_code = |line: &&str| line.len() == 19 && line.matches('-').count() == 3 && !line.contains(' ');
    text.lines().find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_polls_can_have_the_page_too() {
    let fake = Fake::start().await;
    let host = format!("127.0.0.1:{}", free_port());
    let settings = [("SIMOFF_WEB", "1"), ("SIMOFF_WEB_LISTEN", host.as_str())];
    let mut bot = Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Polling, &settings);
    expect(&fake.chat(7, "en").say("/start").await, &["Which operator"]);
    let mut visitor = Visitor::new(&host);
    has(&visitor.press("Nar").await, &["In whose name"]);
    assert!(bot.stop().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_have_one_page_for_a_person() {
    let Some(database) = Database::create().await else { return };
    let start = || Site::start_on(tempfile::tempdir().unwrap(), &database.url(), &[]);
    let (one, other) = (start(), start());
    let mut visitor = one.visitor();
    visitor.say("nar").await;
    let mut there = visitor.at(&other.host);
    has(&there.page().await, &["In whose name"]);
    there.press("Not sure").await;
    has(&visitor.page().await, &["What state is the SIM in"]);
    // A crowd of taps on both: one answer is left on the page, whoever was last.
    let taps = (0..10).map(|tap| {
        let mut here = visitor.at(if tap % 2 == 0 { &one.host } else { &other.host });
        async move { here.say("/help").await }
    });
    futures_util::future::join_all(taps).await;
    let page = visitor.say("/help").await;
    assert_eq!(page.matches("<article").count(), 1, "{page}");
    let mut connection = database.connect().await;
    let leases: i64 =
        sqlx::query_scalar("SELECT count(*) FROM delivery_lease").fetch_one(&mut connection).await.unwrap();
    assert_eq!(leases, 0, "nobody is to say what lies on a page");
}
