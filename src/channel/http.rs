//! Listening and serving, for every listener of the process: the webhook, the page, the studio and the admin routes.
//!
//! Each listener holds a bounded number of connections, which follows from the limit on open files, and each connection
//! has a bounded time to send a request. A listener that is full closes the connection that has been idle for longest, so
//! that clients which send nothing keep nobody out. Event streams and turns are never cut short: a stream ends when its
//! handler ends it, and a turn runs in a task of its own.

mod client;
mod connections;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use futures_util::StreamExt;
use futures_util::stream;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

pub use client::{Client, Network, TrustedProxies, is_private_host};
use connections::{Connection, Connections};

/// The most open files that the process asks the system for. A connection costs some 20 kB, so the connections that this
/// allows fit into the memory that `deploy/simoff.service` grants.
const MAX_OPEN_FILES: u64 = 16_384;

/// With fewer open files than this, which is the usual limit of a shell, the operator is told.
const FEW_OPEN_FILES: u64 = 1024;

/// How long the first head of a connection may take. It is one or two packets, also on a slow line.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection is kept without a further request: longer than the two minutes of Caddy and the minute of nginx,
/// so that it is the proxy that closes it, and no request is lost to a connection that closes as it is sent.
const KEEP_ALIVE: Duration = Duration::from_secs(150);

/// How long a body may take. The largest form is 64 KiB, the largest update 1 MiB and from a proxy nearby.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an answer may take, until its headers. A database is waited for at most ten seconds each time it is asked.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a stop waits for requests in flight.
const DRAIN: Duration = Duration::from_secs(5);

/// How many connections wait to be accepted; the system may allow fewer (on Linux 4,096 since 5.4). Where the queue is full, a
/// client tries again after a second, and the 128 of the standard library are full after three milliseconds of a flood.
const BACKLOG: u32 = 4096;

/// The longest pause after the system refused a connection: long enough for others to end, short enough that nobody notices.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// At most one line in the log for refused connections within this time; the metric counts all.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// What a listener is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The page, and the studio beside it.
    Page,
    /// Telegram's updates.
    Webhook,
    /// `/healthz`, `/readyz` and `/metrics`.
    Admin,
}

impl Role {
    /// The label in the metrics and the log.
    fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Webhook => "webhook",
            Self::Admin => "admin",
        }
    }

    /// What to do when the address cannot be had.
    fn advice(self) -> &'static str {
        match self {
            Self::Page => "Set SIMOFF_WEB_LISTEN or --web-listen (of `simoff web`: --listen) to another address",
            Self::Webhook => "Set SIMOFF_LISTEN to another address",
            Self::Admin => "Set SIMOFF_ADMIN_LISTEN to another address, or to off",
        }
    }
}

/// How much the process holds at once, as shares of the open files that the system allows. What the shares leave, some
/// fifth, is for the database, the calls to the Bot API and the files of the dialogues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    open_files: usize,
}

impl Capacity {
    /// Raises the limit on open files as far as the system lets us, at most to 16,384, and goes by what there is then.
    pub fn claim() -> Self {
        let open_files = rlimit::increase_nofile_limit(MAX_OPEN_FILES)
            .or_else(|_| rlimit::Resource::NOFILE.get_soft())
            .unwrap_or(FEW_OPEN_FILES);
        if open_files < FEW_OPEN_FILES {
            log::warn!(
                "The system allows {open_files} open files, which is few. Raise the limit (ulimit -n, LimitNOFILE) to hold more connections"
            );
        }
        Self::of(open_files)
    }

    /// The capacity with so many open files.
    fn of(open_files: u64) -> Self {
        Self { open_files: usize::try_from(open_files.min(MAX_OPEN_FILES)).unwrap_or(usize::MAX) }
    }

    /// The most connections of a listener.
    fn connections(self, role: Role) -> usize {
        let share = match role {
            // Five eighths: the event streams, and a quarter as much for everything else.
            Role::Page => self.open_files * 5 / 8,
            // An eighth: three times what Telegram is allowed to open, with the usual limit.
            Role::Webhook => self.open_files / 8,
            Role::Admin => self.open_files / 32,
        };
        share.max(1)
    }

    /// The most event streams: half of the open files, so that they leave room on their own listener too.
    pub fn streams(self) -> usize {
        (self.open_files / 2).max(1)
    }
}

/// What all listeners of the process have in common; cheap to clone.
#[derive(Debug, Clone)]
pub struct Http {
    proxies: Arc<TrustedProxies>,
    capacity: Capacity,
}

impl Http {
    /// Listeners that believe these proxies about who asks.
    pub fn new(proxies: TrustedProxies, capacity: Capacity) -> Self {
        Self { proxies: Arc::new(proxies), capacity }
    }

    /// Takes the address. The error says which setting to change.
    pub fn bind(&self, role: Role, address: SocketAddr) -> anyhow::Result<Listener> {
        let socket = listen(address).with_context(|| format!("cannot listen on {address}. {}", role.advice()))?;
        let connections = Connections::new(self.capacity.connections(role));
        Ok(Listener { socket, role, proxies: self.proxies.clone(), connections })
    }
}

/// Listens with a longer queue than the standard library asks for.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As the standard library does: a restart need not wait for the connections of the process before.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// An address that is taken, and serves as soon as there are routes.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    role: Role,
    proxies: Arc<TrustedProxies>,
    connections: Arc<Connections>,
}

impl Listener {
    /// Where it listens: with the port that the system chose, where the port was zero.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        self.socket.local_addr().context("Cannot listen")
    }

    /// Serves until `stop` completes, then for at most five seconds what is in flight.
    pub async fn serve(self, routes: Router, stop: impl Future<Output = ()>) {
        let Self { socket, role, proxies, connections } = self;
        let mut stop = pin!(stop);
        let (graceful, mut tasks) = (GracefulShutdown::new(), JoinSet::new());
        let mut log = Occasionally::default();
        loop {
            let accepted = tokio::select! {
                accepted = socket.accept() => accepted,
                () = &mut stop => break,
            };
            // Tasks that have ended are forgotten as others begin.
            while tasks.try_join_next().is_some() {}
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    metrics::counter!("simoff_accept_failures_total", "listener" => role.name()).increment(1);
                    if log.may() {
                        log::warn!("The system refuses connections to the {} listener: {error}", role.name());
                    }
                    if !is_of_the_connection(&error) {
                        let _ = timeout(ACCEPT_PAUSE, connections.make_room()).await;
                    }
                    continue;
                }
            };
            // Everybody comes from a proxy's address, so it is not counted as one client.
            let network = (!proxies.trust(peer.ip())).then(|| Network::site(peer.ip()));
            let Some(connection) = connections.admit(network).await else {
                metrics::counter!("simoff_connections_refused_total", "listener" => role.name()).increment(1);
                if log.may() {
                    log::warn!("The {} listener is full and refuses connections", role.name());
                }
                continue;
            };
            let served = Served {
                routes: routes.clone(),
                proxies: proxies.clone(),
                peer: peer.ip(),
                connection,
                begun: AtomicBool::new(false),
            };
            tasks.spawn(Arc::new(served).run(stream, graceful.watcher()));
        }
        drop(socket);
        connections.close_all_idle();
        // What is late is dropped with the tasks.
        let _ = timeout(DRAIN, graceful.shutdown()).await;
    }
}

/// Whether an error concerns the one connection, which went away before it was accepted, and not the listener.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Lets one line through now and then.
#[derive(Debug, Default)]
struct Occasionally {
    last: Option<Instant>,
}

impl Occasionally {
    fn may(&mut self) -> bool {
        let due = self.last.is_none_or(|last| last.elapsed() >= LOG_INTERVAL);
        if due {
            self.last = Some(Instant::now());
        }
        due
    }
}

/// One connection and what serves it.
struct Served {
    routes: Router,
    proxies: Arc<TrustedProxies>,
    peer: IpAddr,
    connection: Connection,
    /// A head has arrived.
    begun: AtomicBool,
}

impl Served {
    async fn run(self: Arc<Self>, stream: TcpStream, watcher: Watcher) {
        // A page or an acknowledgement is one small write; it must not wait for the packet after it.
        let _ = stream.set_nodelay(true);
        let served = self.clone();
        let service = service_fn(move |request| {
            let served = served.clone();
            async move { Ok::<_, Infallible>(served.answer(request).await) }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(KEEP_ALIVE);
        let connection = watcher.watch(builder.serve_connection(TokioIo::new(stream), service));
        let first_head_is_late = async {
            sleep(HEAD_TIMEOUT).await;
            if self.begun.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            () = self.connection.to_close() => {}
            // What goes wrong here concerns a client that is gone, or sends what is not HTTP.
            _ = connection => {}
            () = first_head_is_late => {}
        }
    }

    /// Answers a request whose head has arrived.
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        self.begun.store(true, Ordering::Relaxed);
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(Client::of(self.peer, &parts.headers, &self.proxies));
        let late = Arc::new(AtomicBool::new(false));
        let body = self.clone().body(body, late.clone());
        let answering = TowerToHyperService::new(self.routes.clone()).call(Request::from_parts(parts, body));
        let mut response = match timeout(ANSWER_TIMEOUT, answering).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_) => status(StatusCode::SERVICE_UNAVAILABLE),
        };
        if late.load(Ordering::Relaxed) {
            response = status(StatusCode::REQUEST_TIMEOUT);
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        self.connection.set_busy();
        response.map(|body| Body::new(Answer { body, served: self }))
    }

    /// The body of a request, within its time. Until it is complete, the connection may be closed to make way for others;
    /// `late` says that it was not in time.
    fn body(self: Arc<Self>, body: Incoming, late: Arc<AtomicBool>) -> Body {
        if body.is_end_stream() {
            self.connection.set_busy();
            return Body::empty();
        }
        let deadline = Instant::now() + BODY_TIMEOUT;
        let chunks = Body::new(body).into_data_stream();
        Body::from_stream(stream::unfold(Some(chunks), move |chunks| {
            let (served, late) = (self.clone(), late.clone());
            async move {
                let mut chunks = chunks?;
                match timeout_at(deadline, chunks.next()).await {
                    Ok(Some(chunk)) => Some((chunk.map_err(io::Error::other), Some(chunks))),
                    Ok(None) => {
                        served.connection.set_busy();
                        None
                    }
                    Err(_) => {
                        late.store(true, Ordering::Relaxed);
                        Some((Err(io::ErrorKind::TimedOut.into()), None))
                    }
                }
            }
        }))
    }
}

fn status(code: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = code;
    response
}

/// The body of an answer. With its end, the connection has no request in flight.
struct Answer {
    body: Body,
    served: Arc<Served>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.served.connection.set_idle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_leave_open_files_for_everything_else() {
        for open_files in [64, 256, 1024, 16_384, 1 << 40] {
            let capacity = Capacity::of(open_files);
            let all: usize =
                [Role::Page, Role::Webhook, Role::Admin].iter().map(|role| capacity.connections(*role)).sum();
            let known = capacity.open_files;
            assert!(all * 5 <= known * 4, "{all} of {known}");
            assert!(capacity.streams() < capacity.connections(Role::Page));
        }
        let usual = Capacity::of(1024);
        assert_eq!((usual.connections(Role::Page), usual.streams()), (640, 512));
        assert_eq!((usual.connections(Role::Webhook), usual.connections(Role::Admin)), (128, 32));
    }

    #[test]
    fn a_refused_connection_is_logged_once_a_minute() {
        let mut log = Occasionally::default();
        assert_eq!((log.may(), log.may()), (true, false));
    }
}
