//! A running `simoff web`, and somebody who asks it without a browser.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A running page with its own folder. Killed with the test.
pub struct Site {
    child: Child,
    pub folder: TempDir,
    /// `127.0.0.1:PORT`
    pub host: String,
}

impl Site {
    pub fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), &[])
    }

    /// Starts in a folder that may hold a database already, with further arguments.
    pub fn start_in(folder: TempDir, more: &[&str]) -> Self {
        let url = format!("sqlite:{}", folder.path().join("bot.db").display());
        Self::start_on(folder, &url, more)
    }

    /// Starts on a database of the test's choosing.
    pub fn start_on(folder: TempDir, database: &str, more: &[&str]) -> Self {
        Self::start_with(folder, database, more, &[])
    }

    /// Starts with further settings in its environment.
    pub fn start_with(folder: TempDir, database: &str, more: &[&str], settings: &[(&str, &str)]) -> Self {
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut child = Command::new(crate::telegram::program())
            .args(["web", "--listen", "127.0.0.1:0"])
            .args(more)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("DATABASE_URL", database)
            .envs(settings.iter().copied())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let host = line.split("http://").nth(1).and_then(|rest| rest.split([' ', '/', '\n']).next());
        let host = host.unwrap_or_else(|| panic!("it does not say where it is: {line:?}, {}", read_log(&folder)));
        Self { host: host.to_owned(), child, folder }
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.host)
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("bot.db")
    }

    pub fn log(&self) -> String {
        read_log(&self.folder)
    }

    /// SIGTERM, and what the process ends with.
    pub fn stop(&mut self) -> ExitStatus {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// Somebody new, who reads English.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.host)
    }
}

fn read_log(folder: &TempDir) -> String {
    std::fs::read_to_string(folder.path().join("log")).unwrap()
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("The page's last words:\n{}", self.log());
        }
    }
}

/// Somebody without a browser: forms and a cookie.
pub struct Visitor {
    client: Client,
    host: String,
    pub cookie: Option<String>,
}

impl Visitor {
    pub fn new(host: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, host: host.to_owned(), cookie: None }
    }

    /// The same person at another process.
    pub fn at(&self, host: &str) -> Self {
        Self { client: self.client.clone(), host: host.to_owned(), cookie: self.cookie.clone() }
    }

    fn dress(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("accept-language", "en-GB,en;q=0.9");
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.dress(self.client.get(format!("http://{}{path}", self.host))).send().await.unwrap()
    }

    /// Asks with further headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let request = self.dress(self.client.get(format!("http://{}{path}", self.host)));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
    }

    /// The page.
    pub async fn page(&self) -> String {
        self.get("/").await.text().await.unwrap()
    }

    /// Sends a form, as a browser does from the page itself unless `headers` say otherwise.
    pub async fn post(&self, body: String, headers: &[(&str, &str)]) -> Response {
        self.try_post(body, headers).await.expect("an answer")
    }

    /// The same; `None`: the server has hung up.
    pub async fn try_post(&self, body: String, headers: &[(&str, &str)]) -> Option<Response> {
        let request = self.client.post(format!("http://{}/", self.host));
        let request = self.dress(request).header("content-type", "application/x-www-form-urlencoded").body(body);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.ok()
    }

    async fn send(&mut self, name: &str, value: &str) -> String {
        let own = format!("http://{}", self.host);
        let response = self.post(form(name, value), &[("origin", &own)]).await;
        assert_eq!(response.status(), 303, "{}", response.text().await.unwrap());
        let set = response.headers()["set-cookie"].to_str().unwrap();
        self.cookie = Some(set.split(';').next().unwrap().to_owned());
        self.page().await
    }

    /// Types something and looks at the page.
    pub async fn say(&mut self, words: &str) -> String {
        self.send("text", words).await
    }

    /// Presses the last button that has this label and looks at the page.
    pub async fn press(&mut self, label: &str) -> String {
        let page = self.page().await;
        let value = value_of(&page, label).unwrap_or_else(|| panic!("no button {label:?} in {page}"));
        self.send("press", &value).await
    }
}

/// What the last button with this label sends.
pub fn value_of(page: &str, label: &str) -> Option<String> {
    let end = page.rfind(&format!("{label}</button>"))?;
    let value = &page[page[..end].rfind("value=\"")? + "value=\"".len()..];
    Some(value[..value.find('"')?].to_owned())
}

/// One field of a form.
pub fn form(name: &str, value: &str) -> String {
    let escaped: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{name}={escaped}")
}

/// The key of somebody with this cookie.
pub fn person_of(cookie: &str) -> String {
    let digest = Sha256::digest(cookie);
    format!("web:{}", digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>())
}
