//! Floods and slow clients against the real program: what one client sends keeps nobody else out.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use reqwest::{Client, Response};
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fake_telegram::{Chat, Fake};
use crate::site::{Site, Visitor, form, person_of};
use crate::telegram::{Bot, Mode, SECRET, ask, expect, free_port, program};

/// More than any limit of the program: what has not happened by then does not happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// The network of the attacker, as a trusted proxy reports it.
const ATTACKER: &str = "198.51.100.66";

/// A bot with the webhook, the page and the admin routes, and the usual 1,024 open files.
struct Target {
    bot: Bot,
    fake: Fake,
    page: String,
    admin: String,
}

impl Target {
    async fn start(open_files: usize) -> Self {
        let fake = Fake::start().await;
        let [page, admin] = [(); 2].map(|()| format!("127.0.0.1:{}", free_port()));
        let settings = [
            ("SIMOFF_WEB", "1"),
            ("SIMOFF_WEB_LISTEN", page.as_str()),
            ("SIMOFF_ADMIN_LISTEN", admin.as_str()),
            ("RUST_LOG", "info"),
        ];
        let mut bot = Bot::start_with(tempdir().unwrap(), &fake, Mode::Webhook, &settings);
        bot.kill();
        bot.limit = Some(format!("ulimit -n {open_files}; exec \"$0\" telegram"));
        bot.restart();
        let target = Self { bot, fake, page, admin };
        target.fake.chat(1, "en").say("/start").await;
        target
    }

    fn webhook(&self) -> &str {
        self.bot.setting("SIMOFF_LISTEN")
    }

    fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.bot.id())).unwrap().count()
    }

    /// The value of a metric, over all its labels.
    async fn metric(&self, name: &str) -> u64 {
        let text = answer(Client::new().get(format!("http://{}/metrics", self.admin))).await.text().await.unwrap();
        let lines = text.lines().filter(|line| line.starts_with(name));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Response {
    tokio::time::timeout(PATIENCE, request.send()).await.expect("an answer in time").expect("an answer")
}

/// The test holds thousands of connections itself.
fn raise_own_limit() {
    let limit = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert!(
        limit >= 10_000,
        "this test needs 10,000 open files and may have {limit}: raise the hard limit (ulimit -Hn)"
    );
}

/// Opens connections as fast as it can, sends a request or a part of one on each, and holds those that are left.
async fn flood(host: &str, count: usize, request: impl Fn(usize) -> String) -> Vec<TcpStream> {
    let open = |number: usize| {
        let request = request(number);
        async move {
            let mut line = TcpStream::connect(host).await.ok()?;
            line.write_all(request.as_bytes()).await.ok()?;
            Some(line)
        }
    };
    stream::iter(0..count).map(open).buffer_unordered(64).filter_map(std::future::ready).collect().await
}

/// A cookie that looks like one of ours and is none.
fn made_up(number: usize) -> String {
    format!("simoff={number:032x}")
}

/// What everybody else needs goes on: the page, its event streams, the webhook and the admin routes.
async fn everybody_else_is_served(target: &Target, visitor: &mut Visitor, events: &mut Response, chat: &Chat) {
    let start = Instant::now();
    let page = tokio::time::timeout(PATIENCE, visitor.say("/help")).await.expect("the page answers");
    assert!(page.contains("<article"), "{page}");
    let paged = start.elapsed();
    // The stream that was open before is told of it, and another one can be opened.
    let told = tokio::time::timeout(PATIENCE, events.chunk()).await.expect("the stream is told").unwrap();
    assert!(String::from_utf8_lossy(&told.unwrap()).starts_with("data: "));
    let mut second = visitor.get("/events").await;
    assert_eq!(second.status(), 200);
    let first = tokio::time::timeout(PATIENCE, second.chunk()).await.expect("it says what is new").unwrap();
    assert!(String::from_utf8_lossy(&first.unwrap()).starts_with("data: "));
    let start = Instant::now();
    expect(&tokio::time::timeout(PATIENCE, chat.say("/start")).await.expect("the webhook answers"), &["operator"]);
    let hooked = start.elapsed();
    let start = Instant::now();
    assert_eq!(answer(Client::new().get(format!("http://{}/healthz", target.admin))).await.status(), 200);
    println!("  page {paged:?}, webhook {hooked:?}, /healthz {:?}", start.elapsed());
}

async fn opened(visitor: &Visitor) -> Response {
    let mut events = visitor.get("/events").await;
    assert_eq!(events.status(), 200);
    events.chunk().await.unwrap().unwrap();
    events
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn event_streams_with_made_up_cookies_keep_nobody_out() {
    raise_own_limit();
    for count in [1_100, 4_200] {
        let target = Target::start(1024).await;
        let (mut visitor, chat) = (Visitor::new(&target.page), target.fake.chat(7, "en"));
        visitor.say("nar").await;
        let mut events = opened(&visitor).await;
        let start = Instant::now();
        let held = flood(&target.page, count, |number| {
            let cookie = made_up(number);
            format!("GET /events HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\nX-Forwarded-For: {ATTACKER}\r\n\r\n")
        })
        .await;
        println!("{count} made-up streams in {:?}, {} open files of 1,024", start.elapsed(), target.open_files());
        everybody_else_is_served(&target, &mut visitor, &mut events, &chat).await;
        drop(held);
        assert_eq!(target.metric("simoff_accept_failures_total").await, 0, "open files were left at all times");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_sent_heads_keep_nobody_out() {
    raise_own_limit();
    for count in [1_100, 4_200] {
        let target = Target::start(1024).await;
        let (mut visitor, chat) = (Visitor::new(&target.page), target.fake.chat(7, "en"));
        visitor.say("nar").await;
        let mut events = opened(&visitor).await;
        let start = Instant::now();
        // From an address that is a trusted proxy's, so no network is charged for it.
        let half = |_| "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ".to_owned();
        let mut held = flood(&target.page, count, half).await;
        held.extend(flood(target.webhook(), count, half).await);
        println!("2 x {count} half-sent heads in {:?}, {} open files of 1,024", start.elapsed(), target.open_files());
        everybody_else_is_served(&target, &mut visitor, &mut events, &chat).await;
        drop(held);
        assert_eq!(target.metric("simoff_accept_failures_total").await, 0, "open files were left at all times");
    }
}

/// Somebody who begins talks and opens as many streams as they are given leaves streams to others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn event_streams_of_one_network_leave_some_to_others() {
    raise_own_limit();
    let target = Target::start(256).await;
    let origin = format!("http://{}", target.page);
    let from = [("origin", origin.as_str()), ("x-forwarded-for", ATTACKER)];
    let visitor = Visitor::new(&target.page);
    let mut held = Vec::new();
    let mut refused = 0;
    for _ in 0..8 {
        let begun = visitor.post(form("text", "nar"), &from).await;
        assert_eq!(begun.status(), 303);
        let cookie = begun.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        for _ in 0..6 {
            let stream = visitor.get_with("/events", &[("cookie", &cookie), ("x-forwarded-for", ATTACKER)]).await;
            match stream.status().as_u16() {
                200 => held.push(stream),
                503 => refused += 1,
                other => panic!("{other}"),
            }
        }
    }
    println!("{} streams of one network, {refused} refused, with 256 open files", held.len());
    // Half of the open files are streams, and an eighth of those is one network's.
    assert_eq!((held.len(), refused), (16, 32));
    let mut other = Visitor::new(&target.page);
    other.say("nar").await;
    opened(&other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn made_up_cookies_begin_no_more_talks_than_none() {
    let site = Site::start();
    let origin = format!("http://{}", site.host);
    let (start, mut begun) = (Instant::now(), 0);
    for number in 0..320 {
        let cookie = made_up(number);
        let headers = [("origin", origin.as_str()), ("cookie", &cookie), ("x-forwarded-for", ATTACKER)];
        let answer = site.visitor().post(form("text", "nar"), &headers).await;
        if answer.status() == 303 {
            begun += 1;
            let set = answer.headers()["set-cookie"].to_str().unwrap();
            assert!(!set.contains(&cookie), "a value that somebody may have planted is taken over: {set}");
        } else {
            assert_eq!(answer.status(), 429);
        }
        let planted = person_of(cookie.strip_prefix("simoff=").unwrap());
        let sql = format!("SELECT count(*) FROM session WHERE person = '{planted}'");
        assert_eq!(ask::<i64>(&site.database(), &sql), 0);
    }
    let talks: i64 = ask(&site.database(), "SELECT count(*) FROM session");
    println!("320 made-up cookies in {:?}: {talks} talks", start.elapsed());
    assert_eq!(talks, begun);
    // Ten at once, and one in two seconds on a slow machine.
    assert!((10..60).contains(&talks), "{talks} talks");
}

/// Reads to the end; what came.
async fn to_the_end(line: &mut TcpStream) -> String {
    let mut came = Vec::new();
    tokio::time::timeout(PATIENCE, line.read_to_end(&mut came)).await.expect("the server hangs up").unwrap();
    String::from_utf8(came).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_stops_half_way_is_cut_and_an_idle_connection_is_not() {
    let target = Target::start(1024).await;
    let start = Instant::now();
    let form = format!("POST / HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n", target.page)
        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ntext=";
    let update = format!("POST /hook HTTP/1.1\r\nHost: a\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n")
        + "Content-Length: 100\r\n\r\n{\"update_id\"";
    let cut = |host: String, part: String| async move {
        let mut line = TcpStream::connect(&host).await.unwrap();
        line.write_all(part.as_bytes()).await.unwrap();
        let came = to_the_end(&mut line).await;
        (came, start.elapsed())
    };
    let head = "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ".to_owned();
    let kept = async {
        // A proxy keeps its connections, and sends the next request when there is one.
        let mut line = TcpStream::connect(&target.admin).await.unwrap();
        for pause in [Duration::ZERO, Duration::from_secs(12)] {
            tokio::time::sleep(pause).await;
            line.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
            let mut came = [0; 512];
            let length = line.read(&mut came).await.unwrap();
            let came = String::from_utf8_lossy(&came[..length]);
            assert!(came.starts_with("HTTP/1.1 200"), "{came:?} after {pause:?}");
        }
    };
    let (form, update, head, ()) = tokio::join!(
        cut(target.page.clone(), form),
        cut(target.webhook().to_owned(), update),
        cut(target.page.clone(), head),
        kept
    );
    println!("cut after: form {:?}, update {:?}, head {:?}", form.1, update.1, head.1);
    assert!(form.0.starts_with("HTTP/1.1 408"), "{}", form.0);
    assert!(update.0.starts_with("HTTP/1.1 408"), "{}", update.0);
    assert_eq!(head.0, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_configured_proxies_are_believed_about_who_asks() {
    let start = |trusted: &str| {
        let folder = tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bot.db").display());
        Site::start_with(folder, &url, &[], &[("SIMOFF_TRUSTED_PROXIES", trusted)])
    };
    let begun = async |site: &Site| {
        let origin = format!("http://{}", site.host);
        let mut begun = 0;
        for number in 0..20 {
            let address = format!("192.0.2.{number}");
            let headers = [("origin", origin.as_str()), ("x-forwarded-for", &address)];
            begun += usize::from(site.visitor().post(form("text", "nar"), &headers).await.status() == 303);
        }
        begun
    };
    let (none, other, own) = (start("off"), start("10.0.0.0/8, 192.168.1.1"), start("127.0.0.1"));
    let counts = (begun(&none).await, begun(&other).await, begun(&own).await);
    println!("talks of 20 claimed addresses: {counts:?}");
    assert!(counts.0 < 20 && counts.1 < 20, "whoever claims another address each time escapes the limit: {counts:?}");
    assert_eq!(counts.2, 20);
    // Nor about TLS: without a proxy the cookie would never come back.
    let cookie = async |site: &Site, headers: &[(&str, &str)]| {
        let answer = site.visitor().post(form("text", "nar"), headers).await;
        answer.headers()["set-cookie"].to_str().unwrap().to_owned()
    };
    let (none, own) = (start("off"), start("127.0.0.1"));
    let headers = |host: &str| [("origin", format!("http://{host}")), ("x-forwarded-proto", "https".to_owned())];
    for (site, name) in [(&none, "simoff="), (&own, "__Host-simoff=")] {
        let headers = headers(&site.host);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert!(cookie(site, &headers).await.starts_with(name), "{name}");
    }
    let wrong = std::process::Command::new(program())
        .args(["web", "--trusted-proxies", "10.0.0.0/8,proxy.example"])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&wrong.stderr);
    assert!(
        !wrong.status.success() && error.contains("`proxy.example` is neither an IP address nor a network"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_a_plain_cookie_does_not_count() {
    let site = Site::start();
    let mut visitor = site.visitor();
    visitor.say("nar").await;
    let plain = visitor.cookie.clone().unwrap();
    let value = plain.strip_prefix("simoff=").unwrap();
    let greeting = "Which operator";
    let ask = async |headers: &[(&str, &str)]| site.visitor().get_with("/", headers).await.text().await.unwrap();
    let tls = ("x-forwarded-proto", "https");
    assert!(ask(&[("cookie", &plain)]).await.contains("In whose name"), "it is the talk's cookie");
    assert!(ask(&[("cookie", &plain), tls]).await.contains(greeting));
    let host = format!("__Host-simoff={value}");
    assert!(ask(&[("cookie", &host), tls]).await.contains("In whose name"));
    // Both: the one that a neighbour can have planted is passed over, whatever is known of TLS.
    let both = format!("{plain}; __Host-simoff={:032x}", 1);
    for headers in [&[("cookie", both.as_str()), tls][..], &[("cookie", &both)]] {
        assert!(ask(headers).await.contains(greeting), "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_tried_from_one_site_lock_nobody_else_out() {
    let site = Site::start();
    let origin = format!("http://{}", site.host);
    let mut owner = site.visitor();
    owner.say("nar").await;
    let page = owner.say("/code").await.replace(['<', '>'], "\n");
    let is_code = |line: &&str| line.len() == 19 && line.matches('-').count() == 3 && !line.contains(' ');
    let code = page.lines().find(is_code).unwrap_or_else(|| panic!("no code in {page}")).to_owned();
    let start = Instant::now();
    let (visitor, origin) = (site.visitor(), origin.as_str());
    let tries = stream::iter(0..1_100).map(|subscriber| {
        let visitor = &visitor;
        async move {
            let address = format!("2001:db8:0:{subscriber:x}::1");
            let headers = [("origin", origin), ("x-forwarded-for", &address)];
            let body = form("text", &format!("/restore AAAA-BBBB-CCCC-{:04}", subscriber % 10_000));
            visitor.post(body, &headers).await.status() == 303
        }
    });
    let tried: Vec<bool> = tries.buffer_unordered(16).collect().await;
    let tried = tried.into_iter().filter(|tried| *tried).count();
    println!("1,100 tries from one /48 in {:?}: {tried} looked up", start.elapsed());
    // Twenty, and one in three minutes on a slow machine.
    assert!((20..30).contains(&tried), "{tried}");
    let mut elsewhere = site.visitor();
    let restored = elsewhere.say(&format!("/restore {code}")).await;
    assert!(restored.contains("Everything is back"), "{restored}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_admin_routes_answer_to_private_names_only() {
    let target = Target::start(1024).await;
    let port = target.admin.rsplit(':').next().unwrap();
    let ask = async |path: &str, host: &str| {
        let request = Client::new().get(format!("http://{}{path}", target.admin)).header("host", host);
        let answer = answer(request).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for host in ["127.0.0.1", "localhost", "[::1]", "simoff", "10.1.2.3"] {
        assert_eq!(ask("/healthz", &format!("{host}:{port}")).await.0, 200, "{host}");
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        let (code, words) = ask(path, &format!("evil.example:{port}")).await;
        assert_eq!(code, 421, "{path}");
        assert!(words.contains("localhost") && !words.contains("simoff_"), "{words}");
    }
    target.bot.run("health");
}

/// Fewer open files than the program itself needs: what the system refuses is counted, logged once, and got over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_connections_are_counted_and_logged_once() {
    let target = Target::start(48).await;
    println!("{} open files at rest", target.open_files());
    let half = |_| "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ".to_owned();
    let held = flood(&target.page, 300, half).await;
    let line = "The system refuses connections to the page listener";
    let logged = async {
        while !target.bot.log().contains(line) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, logged).await.expect("it is logged");
    // The page goes on, one connection making way for the next.
    Visitor::new(&target.page).say("nar").await;
    drop(held);
    let failures = target.metric("simoff_accept_failures_total").await;
    let lines = target.bot.log().matches(line).count();
    println!("{failures} failures to accept, {lines} lines in the log");
    assert!(failures > 1);
    assert_eq!(lines, 1);
    assert!(target.bot.log().contains("Raise the limit"));
}
