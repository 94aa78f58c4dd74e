//! A real Chromium, headless, driven by WebDriver as a person drives it: by pointer and by keys.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The keys of WebDriver (w3.org/TR/webdriver2, "Keyboard actions").
pub const TAB: char = '\u{E004}';
pub const ENTER: char = '\u{E007}';
pub const SHIFT: char = '\u{E008}';

/// A window, and the driver behind it. Both go with the test.
pub struct Browser {
    pub client: Client,
    driver: Child,
    /// Where downloads go.
    pub folder: TempDir,
}

/// What a window is like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    pub no_scripts: bool,
    /// In CSS pixels; a narrow one is a phone.
    pub width: Option<u32>,
}

/// Whether Chromium and its driver are there. Where `SIMOFF_TEST_BROWSER` is set, they must be.
#[expect(clippy::disallowed_methods, reason = "whether there must be a browser is said by the environment")]
pub fn is_there() -> bool {
    let there = Command::new("chromedriver").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(
        there || std::env::var_os("SIMOFF_TEST_BROWSER").is_none(),
        "SIMOFF_TEST_BROWSER is set, and there is none"
    );
    if !there {
        // Written past the test runner, which would keep it to itself.
        let _ = std::io::stderr().write_all(b"\n!!! NO CHROMEDRIVER: THE PAGE WAS NOT TESTED IN A BROWSER !!!\n");
    }
    there
}

/// The rules of accessibility, where npm has brought them (`npm ci --prefix tests/browser`).
pub fn axe() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/node_modules/axe-core/axe.min.js");
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        let _ =
            std::io::stderr().write_all(b"\n!!! NO AXE-CORE (npm ci --prefix tests/browser): NOT TESTED WITH IT !!!\n");
    }
    text
}

impl Browser {
    pub async fn open(look: Look) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let port = line.split("started successfully on port ").nth(1)?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let folder = tempfile::tempdir().unwrap();
        let preferences = json!({
            "intl.accept_languages": "en-GB,en",
            "download.default_directory": folder.path(),
            "download.prompt_for_download": false,
        });
        let mut options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--hide-scrollbars", "--window-size=900,1000",
                     format!("--user-data-dir={}", folder.path().join("profile").display())],
            "prefs": preferences,
        });
        if let Some(width) = look.width {
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": width * 2, "pixelRatio": 2.0, "touch": true } });
        }
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        let address = format!("http://127.0.0.1:{}", port.expect("chromedriver says its port"));
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&address).await;
        let browser = Self { client: client.expect("Chromium starts"), driver, folder };
        if look.no_scripts {
            // The page's one script never arrives. Where Chromium runs none at all, its driver hangs: it works by scripts itself.
            browser.devtools("Network.enable", json!({})).await;
            browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*page.js*"] })).await;
        }
        browser
    }

    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// A command of the browser's own protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.client.issue_cmd(Devtools { command: command.into(), parameters }).await.unwrap()
    }

    /// What the page says: everything a person sees in the talk.
    pub async fn talk(&self) -> String {
        let main = self.client.find(Locator::Css("main")).await.unwrap();
        // The page may be exchanged while it is read.
        main.text().await.unwrap_or_default()
    }

    /// What the last screen says.
    pub async fn last(&self) -> String {
        match self.client.find(Locator::Css("#now > article:last-child")).await {
            Ok(article) => article.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the last screen says this.
    pub async fn until(&self, words: &str) {
        for _ in 0..1000 {
            if self.last().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        panic!("{words:?} does not come: {}", self.talk().await);
    }

    /// The last button on the page that says this.
    pub async fn button(&self, label: &str) -> Element {
        let path = format!("(//*[self::button or self::a or self::summary][contains(., \"{label}\")])[last()]");
        for _ in 0..600 {
            if let Ok(button) = self.client.find(Locator::XPath(&path)).await {
                return button;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        panic!("no button {label:?}: {}", self.talk().await);
    }

    /// Clicks on a button, where a person would, and waits for what it leads to.
    pub async fn click(&self, label: &str, then: &str) {
        let mut clicked = Ok(());
        for _ in 0..20 {
            // The page may be exchanged between finding and clicking.
            let button = self.button(label).await;
            // As a person scrolls; the driver stops as soon as anything of it is in the window.
            let _ = self.client.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![json!(button)]).await;
            clicked = button.click().await;
            if clicked.is_ok() {
                break;
            }
        }
        clicked.unwrap_or_else(|error| panic!("cannot click on {label:?}: {error}"));
        self.until(then).await;
    }

    /// Types into the field and sends it.
    pub async fn say(&self, words: &str, then: &str) {
        let field = self.client.find(Locator::Css("#text")).await.unwrap();
        field.click().await.unwrap();
        field.send_keys(words).await.unwrap();
        field.send_keys(&ENTER.to_string()).await.unwrap();
        self.until(then).await;
    }

    /// Presses keys, whatever has the focus.
    pub async fn keys(&self, keys: &[char]) {
        let down = keys.iter().map(|key| KeyAction::Down { value: *key });
        let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
        let actions = down.chain(up).fold(KeyActions::new("keyboard".into()), |actions, action| actions.then(action));
        self.client.perform_actions(actions).await.unwrap();
    }

    /// What has the focus, as it is labelled.
    pub async fn focused(&self) -> String {
        let text = self
            .script("const at = document.activeElement; return (at.id ? '#' + at.id + ' ' : '') + at.textContent")
            .await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Walks by tabulator until what is labelled so has the focus, and presses Enter.
    pub async fn walk_to(&self, label: &str) {
        let mut seen = Vec::new();
        for _ in 0..60 {
            let here = self.focused().await;
            if here.contains(label) && !here.starts_with("#s") {
                return;
            }
            seen.push(here.chars().take(40).collect::<String>());
            self.keys(&[TAB]).await;
        }
        panic!("the keyboard does not reach {label:?}: {seen:?}");
    }

    /// What breaks a rule of accessibility on this page.
    pub async fn violations(&self, axe: &str) -> Vec<String> {
        self.client.execute(axe, Vec::new()).await.unwrap();
        let script = "const done = arguments[arguments.length - 1]; \
                      axe.run(document).then(result => done(result.violations.map(rule => \
                      rule.id + ': ' + rule.nodes.map(node => node.html).join(' | '))))";
        let found = self.client.execute_async(script, Vec::new()).await.unwrap();
        serde_json::from_value(found).unwrap()
    }

    /// Light or dark, as the person's machine asks for it.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// The window as a picture.
    pub async fn picture(&self, path: &Path) {
        std::fs::write(path, self.client.screenshot().await.unwrap()).unwrap();
    }

    /// Waits for a download of this name.
    pub async fn downloaded(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        for _ in 0..200 {
            if let Ok(text) = std::fs::read_to_string(&path)
                && !text.is_empty()
            {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        panic!("{name} was not downloaded");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromium goes with its driver's session; where the test has failed, with the driver.
        let _ = Command::new("pkill").args(["-9", "-f", &self.folder.path().display().to_string()]).status();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

#[derive(Debug)]
struct Devtools {
    command: String,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}
