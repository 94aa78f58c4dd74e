//! The window for authors, in a real Chromium: it follows the talk, and every saved file.

use std::path::Path;
use std::time::Duration;

use fantoccini::Locator;
use serde_json::json;

use crate::chromium::{Browser, Look, axe, is_there};
use crate::site::Site;

/// A copy of the dialogues to edit, and the studio on it.
fn start() -> (Site, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let dialogues = folder.path().join("dialogues");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues"), &dialogues);
    (Site::start_in(folder, &["--studio", "--dialogues", "dialogues"]), dialogues)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &there);
        } else {
            std::fs::copy(&path, &there).unwrap();
        }
    }
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from:?} is not in {}", path.display());
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Waits until a part of the window says this.
async fn until(browser: &Browser, part: &str, words: &str) {
    let mut there = String::new();
    for _ in 0..1000 {
        if let Ok(element) = browser.client.find(Locator::Css(part)).await {
            there = element.text().await.unwrap_or_default();
        }
        if there.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    panic!("{words:?} does not come: {there}");
}

/// Does something in the talk beside.
async fn in_talk(browser: &Browser, act: impl AsyncFnOnce(&Browser)) {
    browser.client.find(Locator::Css("#talk")).await.unwrap().enter_frame().await.unwrap();
    act(browser).await;
    browser.client.enter_parent_frame().await.unwrap();
}

async fn is_sound(browser: &Browser, where_: &str) {
    let Some(axe) = axe() else { return };
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        assert_eq!(browser.violations(&axe).await, Vec::<String>::new(), "{where_}, {scheme}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "pictures are renewed when the environment says so")]
async fn an_author_sees_what_they_write() {
    if !is_there() {
        return;
    }
    let (site, dialogues) = start();
    let browser = Browser::open(Look::default()).await;
    let wide = json!({ "width": 1400, "height": 950, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", wide).await;
    browser.goto(&format!("{}studio", site.url())).await;
    until(&browser, "#knowledge", "the question operator").await;
    // The talk, and what the engine makes of it.
    in_talk(&browser, async |browser| browser.click("Azercell", "In whose name").await).await;
    until(&browser, "#knowledge", "the question holder").await;
    until(&browser, "#knowledge", "operator azercell").await;
    let lit = browser
        .script("return [...document.querySelectorAll('.graph .here text')].map(text => text.textContent).join()")
        .await;
    assert_eq!(lit, "holder");
    in_talk(&browser, async |browser| {
        browser
            .say(
                "in my own name, kept, zero balance, no package, physical card, here, later, store, nothing linked",
                "Your plan",
            )
            .await;
    })
    .await;
    until(&browser, "#knowledge", "At the plan").await;
    let held = browser.script("return [...document.querySelectorAll('tr.holds .atom.yes')].length").await;
    assert!(held.as_u64().unwrap() > 5, "guards that hold are marked: {held}");
    is_sound(&browser, "the talk").await;
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/studio.png");
    if std::env::var_os("UPDATE").is_some() {
        browser.prefer("light").await;
        browser.script("document.activeElement.blur(); scrollTo(0, 0)").await;
        browser.picture(&picture).await;
    }
    assert!(picture.exists(), "UPDATE=1 cargo test an_author");
    // A saved text is in the talk.
    let english = dialogues.join("deregister/en.ftl");
    in_talk(&browser, async |browser| browser.click("\u{1FAAA}", "Papers to prepare").await).await;
    edit(
        &dialogues.join("common.en.ftl"),
        "papers-title = Papers to prepare",
        "papers-title = All that is to be carried",
    );
    until(&browser, "#content", "edition 1").await;
    until(&browser, "#content", "1 person: 1 same plan, 0 lost").await;
    in_talk(&browser, async |browser| browser.until("All that is to be carried").await).await;
    // A broken one changes nothing, and says where it is broken.
    edit(&english, "f-debt = ", "f-dept = ");
    until(&browser, "#content", "errors: the last sound edition goes on").await;
    until(&browser, "#content", "deregister/en.ftl:").await;
    in_talk(&browser, async |browser| browser.click("\u{1F4CB}", "Your plan").await).await;
    edit(&english, "f-dept = ", "f-debt = ");
    until(&browser, "#content", "No errors").await;
    // An edit of the plan says whom it touches.
    let structure = dialogues.join("deregister/dialogue.toml");
    let text = std::fs::read_to_string(&structure).unwrap();
    let step = text.split("[[step]]").find(|step| step.contains("id = \"read_terms\"")).unwrap().to_owned();
    for file in std::fs::read_dir(dialogues.join("deregister/people")).unwrap() {
        // Personas say which plan must come out, so they are edited with it.
        let path = file.unwrap().path();
        let persona = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, persona.replace("\"read_terms\", ", "").replace(", \"read_terms\"", "")).unwrap();
    }
    std::fs::write(&structure, text.replace(&format!("[[step]]{step}"), "")).unwrap();
    until(&browser, "#content", "errors: the last sound edition").await;
    let report = browser.client.find(Locator::Css("#content")).await.unwrap().text().await.unwrap();
    assert!(report.contains("read_terms") && report.contains(".ftl:"), "texts that nothing uses any more: {report}");
    std::fs::write(&structure, &text).unwrap();
    until(&browser, "#content", "No errors").await;
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sheets_show_the_whole_dialogue() {
    if !is_there() {
        return;
    }
    let (site, dialogues) = start();
    let browser = Browser::open(Look::default()).await;
    // Every question, step and topic, in every language.
    browser.goto(&format!("{}studio/screens", site.url())).await;
    let count = async |css: &str| browser.client.find_all(Locator::Css(css)).await.unwrap().len();
    let screens = count("section.screen").await;
    assert!(screens > 150, "{screens}");
    assert_eq!(count("section.screen article").await, screens * 4);
    let text = browser.script("return document.body.innerText").await;
    for words in [
        "step visit_store",
        "question balance",
        "topic refund",
        "remark NotUnderstood",
        "recovery code",
        "UTF-16 units",
    ] {
        assert!(text.as_str().unwrap().contains(words), "{words}");
    }
    // A problem stands at its screen.
    edit(&dialogues.join("deregister/zh-Hans.ftl"), "f-refund = ", "f-refund = 还有,");
    browser.goto(&format!("{}studio/screens?name=topic+refund&wrong=on", site.url())).await;
    for _ in 0..100 {
        if count("section.screen").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        browser.client.refresh().await.unwrap();
    }
    let flaw = browser.client.find(Locator::Css("article .wrong")).await.unwrap().text().await.unwrap();
    assert!(flaw.contains(".ftl:"), "{flaw}");
    is_sound(&browser, "screens").await;
    // Plans by situation, with filters.
    browser.goto(&format!("{}studio/plans", site.url())).await;
    let select = browser.client.find(Locator::Css("select[name=place]")).await.unwrap();
    select.select_by_value("abroad").await.unwrap();
    browser.client.find(Locator::Css("select[name=operator]")).await.unwrap().select_by_value("nar").await.unwrap();
    browser.client.find(Locator::Css("form button")).await.unwrap().click().await.unwrap();
    until(&browser, "#knowledge pre", "situations").await;
    is_sound(&browser, "plans").await;
    browser.goto(&format!("{}studio/facts", site.url())).await;
    assert!(count("tbody tr, table tr").await > 40);
    is_sound(&browser, "facts").await;
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_studio_is_for_this_machine_only() {
    let (site, _) = start();
    let visitor = site.visitor();
    assert_eq!(visitor.get("/studio").await.status(), 200);
    for path in ["/studio", "/studio/screens", "/", "/events"] {
        let rebound = visitor.get_with(path, &[("host", "evil.example")]).await;
        assert_eq!(rebound.status(), 421, "{path}");
    }
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_simoff"))
        .args(["web", "--studio", "--listen", "0.0.0.0:0"])
        .current_dir(site.folder.path())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && error.contains("for this machine only"), "{error}");
    // Without it, there is none of it.
    assert_eq!(Site::start().visitor().get("/studio").await.status(), 404);
}
