//! The page in a real Chromium: by pointer, by keys alone, without scripts, on a small phone, reloaded, in two windows.

use std::path::Path;
use std::time::Duration;

use fantoccini::Locator;
use jiff::Timestamp;
use serde_json::json;
use simoff::engine::session::{About, Reminder, Session};
use simoff::engine::when::{Due, When};
use simoff::store::{SessionChange, Store, Turn};

use crate::chromium::{Browser, ENTER, Look, SHIFT, TAB, axe, is_there};
use crate::site::{Site, person_of};

/// The answers that lead to a plan, each with what comes after it.
const ROAD: [(&str, &str); 11] = [
    ("Azercell", "In whose name"),
    ("In my own name", "What state"),
    ("Kept", "What about the balance"),
    ("Zero", "tied to the SIM"),
    ("No, it only keeps", "Which kind of SIM"),
    ("A card", "in Azerbaijan now"),
    ("In Azerbaijan", "within a week"),
    ("No hurry", "go to a store"),
    ("Go to a store", "Which accounts"),
    ("None", "Picked"),
    ("That is all", "Your plan"),
];

async fn to_the_plan(browser: &Browser) {
    for (label, then) in ROAD {
        browser.click(label, then).await;
    }
}

/// No rule of accessibility is broken, in light and in dark, and nothing needs to be scrolled sideways.
async fn is_sound(browser: &Browser, where_: &str) {
    let width =
        browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
    assert_eq!(width, 0, "{where_} is too wide");
    let Some(axe) = axe() else { return };
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        assert_eq!(browser.violations(&axe).await, Vec::<String>::new(), "{where_}, {scheme}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_talk_by_pointer() {
    if !is_there() {
        return;
    }
    let site = Site::start();
    let browser = Browser::open(Look::default()).await;
    browser.goto(&site.url()).await;
    browser.until("Which operator").await;
    is_sound(&browser, "the greeting").await;
    to_the_plan(&browser).await;
    assert!(!browser.talk().await.contains("Nothing linked"), "a tap takes the place of what was there");
    is_sound(&browser, "the plan").await;
    // A question in between is answered, and what was said stays above, without its buttons.
    browser.say("does an unpaid debt hurt my credit score", "Does a debt").await;
    let talk = browser.talk().await;
    assert!(talk.contains("does an unpaid debt hurt my credit score") && talk.contains("Your plan"), "{talk}");
    is_sound(&browser, "an answer").await;
    browser.click("Plan", "Your plan").await;
    browser.click("\u{1F449}", "Step 1 of").await;
    is_sound(&browser, "a step").await;
    browser.click("I have done this", "Done 1 of").await;
    browser.click("\u{1FAAA}", "Papers to prepare").await;
    let before = browser.client.find_all(Locator::Css(".listed button")).await.unwrap().len();
    assert!(before > 0);
    is_sound(&browser, "the papers").await;
    // The card: large, and a screen reader knows its language.
    browser.click("Menu", "Papers to prepare").await;
    is_sound(&browser, "the menu").await;
    browser.click("A two-language card", "Azerbaijani").await;
    let card = browser.script("const card = document.querySelector('.held-up code'); return [card.lang, parseFloat(getComputedStyle(card).fontSize)]").await;
    assert_eq!(card[0], "az");
    assert!(card[1].as_f64().unwrap() >= 24.0, "{card}");
    is_sound(&browser, "the card").await;
    // Files are saved, not opened.
    browser.click("Menu", "Azerbaijani").await;
    browser.click("The plan as a file", "Save simoff-plan.html").await;
    browser.button("Save simoff-plan.html").await.click().await.unwrap();
    assert!(browser.downloaded("simoff-plan.html").await.contains("<h1>Your plan</h1>"));
    // Another language, all of it.
    browser.click("简体中文", "你的注销计划").await;
    assert_eq!(browser.script("return document.documentElement.lang").await, "zh-Hans");
    assert_eq!(browser.script("return document.querySelector('#say button').textContent").await, "发送");
    is_sound(&browser, "Chinese").await;
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_talk_by_keys_alone() {
    if !is_there() {
        return;
    }
    let site = Site::start();
    let browser = Browser::open(Look::default()).await;
    browser.goto(&site.url()).await;
    browser.until("Which operator").await;
    // The first tabulator offers the way past everything.
    browser.keys(&[TAB]).await;
    assert_eq!(browser.focused().await, "To the text field");
    browser.keys(&[ENTER]).await;
    assert_eq!(browser.focused().await, "#text ");
    for letter in "azercell".chars() {
        browser.keys(&[letter]).await;
    }
    browser.keys(&[ENTER]).await;
    browser.until("In whose name").await;
    assert_eq!(browser.focused().await, "#text ", "who types goes on typing");
    for (label, then) in &ROAD[1..] {
        // Back into the last screen, from wherever the last answer has left the focus.
        if browser.focused().await.starts_with("#text") {
            browser.script("document.querySelector('#now > article:last-child').focus()").await;
        }
        browser.walk_to(label).await;
        browser.keys(&[ENTER]).await;
        browser.until(then).await;
    }
    // What is new has the focus, so a screen reader reads it from its beginning.
    assert!(browser.focused().await.starts_with("#s"), "{}", browser.focused().await);
    browser.walk_to("Papers").await;
    browser.keys(&[ENTER]).await;
    browser.until("Papers to prepare").await;
    // A tick keeps the focus where it was, so the next one is one key away.
    browser.keys(&[TAB]).await;
    let open = browser.focused().await;
    assert!(open.starts_with('\u{2B1C}'), "{open}");
    browser.keys(&[ENTER]).await;
    browser.until("\u{2705}").await;
    assert_eq!(browser.focused().await, open.replace('\u{2B1C}', "\u{2705}"));
    browser.keys(&[SHIFT, TAB]).await;
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_talk_without_scripts_on_a_small_phone() {
    if !is_there() {
        return;
    }
    let site = Site::start();
    let browser = Browser::open(Look { no_scripts: true, width: Some(320) }).await;
    browser.goto(&site.url()).await;
    browser.until("Which operator").await;
    to_the_plan(&browser).await;
    browser.say("can I get the balance back", "No published").await;
    browser.click("Plan", "Your plan").await;
    browser.click("\u{1F449}", "Step 1 of").await;
    browser.click("I have done this", "Done 1 of").await;
    assert_eq!(
        browser.script("return document.getElementById('past').children.length").await,
        0,
        "the script is not there"
    );
    // A reload shows the same, and sends nothing twice.
    browser.client.refresh().await.unwrap();
    browser.until("Done 1 of").await;
    browser.click("Menu", "Done 1 of").await;
    browser.click("A two-language card", "Azerbaijani").await;
    browser.click("Русский", "по-русски").await;
    let lang = browser.client.find(Locator::Css("html")).await.unwrap().attr("lang").await.unwrap();
    assert_eq!(lang.as_deref(), Some("ru"));
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_screen_fits_a_phone_of_320_pixels() {
    if !is_there() {
        return;
    }
    let site = Site::start();
    let browser = Browser::open(Look { width: Some(320), ..Look::default() }).await;
    browser.goto(&site.url()).await;
    browser.until("Which operator").await;
    for (label, then) in ROAD {
        is_sound(&browser, label).await;
        browser.click(label, then).await;
    }
    for (command, then) in [
        ("/plan", "Your plan"),
        ("/papers", "Papers to prepare"),
        ("/hotline", "How to reach"),
        ("/card", "Azerbaijani"),
        ("/pack", "Save simoff-plan.html"),
        ("/topics", "You may want to ask"),
        ("/answers", "Your answers"),
        ("/remind", "remind"),
        ("/code", "code"),
        ("/help", "How this works"),
    ] {
        browser.say(command, then).await;
        is_sound(&browser, command).await;
    }
    for language in ["简体中文", "Русский", "Azərbaycan dili"] {
        browser.click(language, "").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        browser.script("document.getElementById('menu').open = true").await;
        is_sound(&browser, language).await;
    }
    // Everything that is pressed is large enough for a thumb (WCAG 2.2, target size: 24 by 24).
    let small = browser.script("return [...document.querySelectorAll('button')].filter(button => button.offsetHeight < 24 || button.offsetWidth < 24).length").await;
    assert_eq!(small, 0);
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reload_two_windows_and_a_link_from_elsewhere() {
    if !is_there() {
        return;
    }
    let site = Site::start();
    let browser = Browser::open(Look::default()).await;
    browser.goto(&site.url()).await;
    browser.click("Azercell", "In whose name").await;
    browser.say("can I get the balance back", "No published").await;
    browser.client.refresh().await.unwrap();
    browser.until("No published").await;
    // A second window shows the same, and follows the first.
    let first = browser.client.window().await.unwrap();
    let second = browser.client.new_window(true).await.unwrap().handle;
    browser.client.switch_to_window(second.clone()).await.unwrap();
    browser.goto(&site.url()).await;
    browser.until("No published").await;
    browser.client.switch_to_window(first.clone()).await.unwrap();
    browser.click("In my own name", "What state").await;
    browser.client.switch_to_window(second.clone()).await.unwrap();
    browser.until("What state").await;
    browser.click("Kept", "What about the balance").await;
    browser.client.switch_to_window(first.clone()).await.unwrap();
    browser.until("What about the balance").await;
    assert_eq!(browser.client.find_all(Locator::Css("#now > article")).await.unwrap().len(), 1);
    // Both press at the same time. Whichever is handled second is an edit or the next answer, and both end at one place.
    browser.script("document.querySelector('#now .on button').click()").await;
    browser.client.switch_to_window(second.clone()).await.unwrap();
    browser.script("document.querySelector('#now .on button:nth-child(2)')?.click()").await;
    let mut both = (String::new(), "?".to_owned());
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let there = browser.last().await;
        browser.client.switch_to_window(first.clone()).await.unwrap();
        both = (browser.last().await, there);
        browser.client.switch_to_window(second.clone()).await.unwrap();
        if both.0 == both.1 && !both.0.contains("What about the balance") {
            break;
        }
    }
    assert_eq!(both.0, both.1);
    browser.client.switch_to_window(first).await.unwrap();
    let here = both.0.lines().next().unwrap().to_owned();
    // A link elsewhere: the cookie does not come along (SameSite=Strict), and the person finds their talk all the same.
    let link = format!("data:text/html,<a href='{}'>there</a>", site.url());
    browser.goto(&link).await;
    browser.client.find(Locator::Css("a")).await.unwrap().click().await.unwrap();
    browser.until(&here).await;
    // What the page keeps of a person: one cookie, which no script can read.
    assert_eq!(browser.script("return document.cookie").await, "");
    let cookie = browser.client.get_named_cookie("simoff").await.unwrap();
    assert_eq!(
        (cookie.http_only(), cookie.same_site().map(|site| site.to_string())),
        (Some(true), Some("Strict".into()))
    );
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_comes_while_the_page_is_open_and_lies_there_when_it_was_not() {
    if !is_there() {
        return;
    }
    const COOKIE: &str = "0123456789abcdef0123456789abcdef";
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now().as_second();
    {
        let store = Store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap();
        let mut session = Session { zone: Some("Asia/Baku".into()), speaks: Some("en".into()), ..Session::default() };
        for (number, about, due) in [(1, About::Hotline, now - 1), (2, About::Papers, now + 6)] {
            session.reminders.push(Reminder { number, about, due: Due { when: When::Instant(due), exact: true } });
        }
        let turn = Turn {
            session: SessionChange::Write(serde_json::to_string(&session).unwrap()),
            due_at: Some(now - 1),
            ..Turn::of(person_of(COOKIE), Timestamp::from_second(now - 10).unwrap())
        };
        store.commit(turn).await.unwrap();
        store.flush().await;
    }
    let site = Site::start_in(folder, &[]);
    let browser = Browser::open(Look::default()).await;
    browser.devtools("Network.setCookie", json!({ "name": "simoff", "value": COOKIE, "url": site.url() })).await;
    browser.goto(&site.url()).await;
    // The first has come due while nobody looked.
    for _ in 0..100 {
        if browser.talk().await.contains("Time to contact the operator") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(browser.talk().await.contains("Time to contact the operator"));
    // What is being typed is not disturbed by the second.
    let field = browser.client.find(Locator::Css("#text")).await.unwrap();
    field.send_keys("half a sen").await.unwrap();
    for _ in 0..400 {
        if browser.talk().await.contains("Papers still missing") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(browser.talk().await.contains("Papers still missing"), "{}", browser.talk().await);
    assert_eq!(browser.script("return document.getElementById('text').value").await, "half a sen");
    assert_ne!(browser.script("return document.getElementById('now').getAttribute('aria-live')").await, "off");
    // Both stay until they are attended to.
    browser.client.refresh().await.unwrap();
    let talk = browser.talk().await;
    assert!(talk.contains("Time to contact the operator") && talk.contains("Papers still missing"), "{talk}");
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_is_said_and_loses_nothing() {
    if !is_there() {
        return;
    }
    let mut site = Site::start();
    let browser = Browser::open(Look::default()).await;
    browser.goto(&site.url()).await;
    browser.click("Azercell", "In whose name").await;
    site.stop();
    let field = browser.client.find(Locator::Css("#text")).await.unwrap();
    field.send_keys("myself").await.unwrap();
    field.send_keys(&ENTER.to_string()).await.unwrap();
    for _ in 0..100 {
        if browser.talk().await.contains("cannot be reached") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(browser.talk().await.contains("cannot be reached"));
    assert_eq!(browser.script("return document.getElementById('text').value").await, "myself");
    browser.client.clone().close().await.unwrap();
}

/// The pictures of the README: `UPDATE=1 cargo test pictures`. Otherwise, that they can be taken and are there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "pictures are renewed when the environment says so")]
async fn pictures() {
    if !is_there() {
        return;
    }
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let renew = std::env::var_os("UPDATE").is_some();
    let site = Site::start();
    let browser = Browser::open(Look { width: Some(390), ..Look::default() }).await;
    browser.goto(&site.url()).await;
    browser.click("简体中文", "哪家运营商").await;
    browser.prefer("light").await;
    let take = async |name: &str| {
        let folder = if renew { docs.clone() } else { browser.folder.path().to_owned() };
        browser.script("scrollTo(0, 0)").await;
        browser.picture(&folder.join(name)).await;
        let bytes = std::fs::metadata(folder.join(name)).unwrap().len();
        assert!(bytes > 10_000, "{name} is empty");
        assert!(docs.join(name).exists(), "{name} is missing: UPDATE=1 cargo test pictures");
    };
    take("page-question.png").await;
    for (label, then) in [
        ("Azercell", "登记在谁的名下"),
        ("我自己", "状态"),
        ("欠费", "套餐"),
        ("只保号", "哪种"),
        ("实体卡", "在阿塞拜疆"),
        ("在阿塞拜疆", "离开"),
        ("不急", "营业厅"),
        ("去营业厅", "哪些"),
        ("都没有", "\u{2705} 都没有"),
        ("选好了", "你的注销计划"),
    ] {
        browser.click(label, then).await;
    }
    browser.client.refresh().await.unwrap();
    browser.until("你的注销计划").await;
    take("page-plan.png").await;
    browser.prefer("dark").await;
    browser.click("\u{1F449}", "第 1 步").await;
    take("page-step-dark.png").await;
    browser.prefer("light").await;
    browser.say("/card", "阿塞拜疆").await;
    browser.client.refresh().await.unwrap();
    browser.until("阿塞拜疆").await;
    take("page-card.png").await;
    browser.client.clone().close().await.unwrap();
}
