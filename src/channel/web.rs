//! The talk on a web page: one small page from the same screens, that works by mouse, by keyboard, and without scripts.
//!
//! A person's page is what waits for them in the outbox. So an answer is durable before it is shown, a reload shows it
//! again, and what the clock said while nobody looked lies there. A form posts, the page is looked at again, and that is
//! all: the script only does the same without leaving the page, and looks again when it is told that something is new.

mod identity;
mod page;
mod rate_limit;
pub(crate) mod security;
mod sse;

use std::future::Future;
use std::sync::Arc;

use anyhow::Context;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router, middleware};
use futures_util::Stream;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::watch;

use crate::channel::http::Listener;
use crate::conversation::{Channel, Conversation, Delivery, Feed, IncomingMessage, OutboxMessage, Priority};
use crate::dialogues::texts::Phrase;
use crate::engine::{Input, Press};
use crate::reminders;
pub use identity::Visitor;
use identity::person_of;
pub(crate) use page::{Asset, ICON};
use rate_limit::{LOOK, Limits, NEWCOMER, TURN};
use security::is_own;
use sse::EventStreams;

/// The prefix of the keys of people on the page.
pub const CHANNEL: Channel = Channel { prefix: "web:", delivery: Delivery::Feed };

/// The longest form that is read: a text of four thousand letters, each of up to four bytes written as three letters.
const MAX_FORM_BYTES: usize = 64 * 1024;

/// The longest text that is handled, as on Telegram (Bot API: 1–4096).
const MAX_TEXT_CHARS: usize = 4096;

/// The page for everybody, over one conversation; cheap to clone.
#[derive(Clone)]
pub struct Web {
    conversation: Arc<Conversation>,
    streams: Arc<EventStreams>,
    limits: Arc<Limits>,
    /// Where the last input is published, for the studio.
    last_input: Option<Arc<watch::Sender<Option<LastInput>>>>,
}

/// An input that the page has handled.
#[derive(Debug, Clone)]
pub struct LastInput {
    pub visitor: Visitor,
    pub person: String,
    pub input: Input,
}

impl Web {
    /// The page, with room for so many event streams.
    pub fn new(conversation: Arc<Conversation>, streams: usize) -> Self {
        Self { conversation, streams: EventStreams::new(streams), limits: Arc::default(), last_input: None }
    }

    /// The same page, and what tells of each input that it handles.
    pub(crate) fn observed(&self) -> (Self, watch::Receiver<Option<LastInput>>) {
        let (say, inputs) = watch::channel(None);
        (Self { last_input: Some(Arc::new(say)), ..self.clone() }, inputs)
    }

    /// The conversation behind the page.
    pub(crate) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The routes of the page.
    pub fn routes(&self) -> Router {
        Router::new()
            .route("/", get(look).post(say))
            .route("/events", get(events))
            .route("/file/{message}", get(file))
            .route(page::STYLE.path, get(async || page::STYLE.serve()))
            .route(page::SCRIPT.path, get(async || page::SCRIPT.serve()))
            .route(ICON.path, get(async || ICON.serve()))
            .fallback(lost)
            .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
            .layer(middleware::map_response(security::harden))
            .with_state(self.clone())
    }

    /// Tells open pages of reminders, for ever.
    pub async fn announce_reminders(self) {
        let notify = |message: OutboxMessage| {
            self.streams.notify(&message.person);
            std::future::ready(())
        };
        reminders::run(self.conversation.clone(), CHANNEL, notify).await;
    }

    /// Serves `routes`, the page's own or those of a studio around it, until `stop` completes. Then the open pages are let
    /// go, which would keep the server from stopping; they come back by themselves.
    pub async fn serve(self, listener: Listener, routes: Router, stop: impl Future<Output = ()>) {
        let stop = async {
            stop.await;
            self.streams.close();
        };
        listener.serve(routes, stop).await;
    }
}

/// What a form brings: a button, or words.
#[derive(Deserialize)]
struct FormInput {
    /// The message it stands in, a space, and what it does.
    press: Option<String>,
    text: Option<String>,
}

/// The page. A GET changes nothing, so prefetching or previewing it does no harm.
async fn look(State(web): State<Web>, visitor: Visitor, headers: HeaderMap) -> Response {
    if !web.limits.allow(&visitor.network, LOOK) {
        return web.refuse(&visitor, StatusCode::TOO_MANY_REQUESTS, Phrase::WebTooFast);
    }
    // A link from elsewhere comes without the cookie (SameSite=Strict); the page asks again, by itself, as itself.
    if visitor.person.is_none() && security::comes_from_elsewhere(&headers) {
        return ([(header::REFRESH, HeaderValue::from_static("0;url=/"))], page::again()).into_response();
    }
    match web.page(&visitor).await {
        Ok(there) => page::document(&web.conversation.dialogue(), &there),
        Err(error) => web.fail(&visitor, &error),
    }
}

/// Handles a form, and redirects to the page.
async fn say(State(web): State<Web>, visitor: Visitor, headers: HeaderMap, Form(said): Form<FormInput>) -> Response {
    if !is_own(&headers) {
        return web.refuse(&visitor, StatusCode::FORBIDDEN, Phrase::WebForeign);
    }
    if !web.limits.allow(&visitor.network, LOOK) {
        return web.refuse(&visitor, StatusCode::TOO_MANY_REQUESTS, Phrase::WebTooFast);
    }
    let (pressed, input) = match (&said.press, &said.text) {
        (Some(press), _) => {
            let (message, payload) = press.split_once(' ').unwrap_or(("", press));
            (message.parse().ok(), Press::decode(payload).map_or(Input::Garbled, Input::Pressed))
        }
        (None, Some(text)) if !text.trim().is_empty() => {
            (None, Input::typed(text.trim().chars().take(MAX_TEXT_CHARS).collect()))
        }
        _ => return Redirect::to("/").into_response(),
    };
    // A cookie under which nothing is stored was made up or has grown old. It begins a new talk under a new cookie, and
    // costs what that costs.
    let cookie = match web.known(&visitor).await {
        Ok(known) => known.and_then(|_| visitor.cookie.clone()),
        Err(error) => return web.fail(&visitor, &error),
    };
    if !web.limits.allow(&visitor.network, if cookie.is_some() { TURN } else { NEWCOMER }) {
        return web.refuse(&visitor, StatusCode::TOO_MANY_REQUESTS, Phrase::WebTooFast);
    }
    if matches!(input, Input::Code(_)) && !web.limits.allow_code(&visitor.network) {
        return web.refuse(&visitor, StatusCode::TOO_MANY_REQUESTS, Phrase::NoteTooManyCodes);
    }
    let cookie = match cookie.map_or_else(identity::new_cookie, Ok) {
        Ok(cookie) => cookie,
        Err(error) => return web.fail(&visitor, &error),
    };
    let (handling, speaker, person) = (web.clone(), visitor.clone(), person_of(&cookie));
    // In a task of its own: when the client hangs up, the turn goes on, and other windows are notified.
    let incoming = tokio::spawn(async move { handling.handle(&speaker, person, pressed, input).await });
    match incoming.await.context("The task that handles the input has panicked").flatten() {
        Ok(()) => {
            ([(header::SET_COOKIE, identity::set_cookie(&cookie, visitor.secure))], Redirect::to("/")).into_response()
        }
        Err(error) => web.fail(&visitor, &error),
    }
}

/// Says that there is something new on the page, with the number of the newest message, for as long as it is open.
async fn events(State(web): State<Web>, visitor: Visitor) -> Response {
    if !web.limits.allow(&visitor.network, LOOK) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let person = match web.known(&visitor).await {
        Ok(Some(person)) => person.to_owned(),
        // Nothing can come to somebody who has said nothing; 204 tells a browser not to ask again.
        Ok(None) => return StatusCode::NO_CONTENT.into_response(),
        Err(error) => return web.fail(&visitor, &error),
    };
    match web.streams.open(&person, &visitor.network) {
        // A proxy that gathers what it passes on would keep the news to itself.
        Some(tab) => ([("x-accel-buffering", "no")], Sse::new(web.news(person, tab))).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A file that stands on the page.
async fn file(State(web): State<Web>, visitor: Visitor, Path(message): Path<i64>) -> Response {
    if !web.limits.allow(&visitor.network, LOOK) {
        return web.refuse(&visitor, StatusCode::TOO_MANY_REQUESTS, Phrase::WebTooFast);
    }
    let Some(person) = &visitor.person else { return lost(State(web), visitor).await };
    let messages = match web.conversation.on_feed(person).await {
        Ok(messages) => messages,
        Err(error) => return web.fail(&visitor, &error),
    };
    let found = messages.into_iter().find(|there| there.id == message).and_then(|there| there.payload.screen.file);
    match found {
        Some(file) => page::download(file),
        None => lost(State(web), visitor).await,
    }
}

async fn lost(State(web): State<Web>, visitor: Visitor) -> Response {
    web.refuse(&visitor, StatusCode::NOT_FOUND, Phrase::WebLost)
}

impl Web {
    async fn page(&self, visitor: &Visitor) -> anyhow::Result<Feed> {
        let dialogue = self.conversation.dialogue();
        let language = visitor.language(&dialogue);
        self.conversation.feed(visitor.person.as_deref(), language, Timestamp::now()).await
    }

    /// The key of whoever asks, if something is stored under it: a cookie alone can be made up.
    async fn known<'a>(&self, visitor: &'a Visitor) -> anyhow::Result<Option<&'a str>> {
        match visitor.person.as_deref() {
            Some(person) if self.conversation.knows(person).await? => Ok(Some(person)),
            _ => Ok(None),
        }
    }

    /// Handles an input, in a task of its own: a panic loses this input and nothing else, and the person is told.
    pub(crate) async fn handle(
        &self,
        visitor: &Visitor,
        person: String,
        pressed: Option<i64>,
        input: Input,
    ) -> anyhow::Result<()> {
        // The answer takes the place of the last one, and of what was pressed. What came by itself stays otherwise.
        let there = self.conversation.on_feed(&person).await?;
        let makes_way = |there: &&OutboxMessage| there.payload.priority == Priority::Reply || Some(there.id) == pressed;
        let page = there.iter().filter(makes_way).map(|there| there.id).collect();
        let dialogue = self.conversation.dialogue();
        let language = visitor.language(&dialogue).map(str::to_owned);
        let incoming = IncomingMessage { language, page: Some(page), ..IncomingMessage::new(person, input) };
        let (listener, said, now) = (self.conversation.clone(), incoming.clone(), Timestamp::now());
        match tokio::spawn(async move { listener.handle(&said, now).await }).await {
            Ok(message) => message?,
            Err(_) => {
                metrics::counter!("simoff_panics_total").increment(1);
                self.conversation.apologize(&incoming, now).await?
            }
        };
        self.streams.notify(&incoming.person);
        if let Some(last_input) = &self.last_input {
            last_input.send_replace(Some(LastInput {
                visitor: visitor.clone(),
                person: incoming.person,
                input: incoming.input,
            }));
        }
        Ok(())
    }

    /// The number of the newest message, each time there may be a newer one.
    fn news(self, person: String, tab: sse::EventStream) -> impl Stream<Item = anyhow::Result<Event>> {
        futures_util::stream::unfold((self, person, tab, None), async |(web, person, mut tab, last)| {
            loop {
                let newest = match web.conversation.on_feed(&person).await {
                    Ok(messages) => messages.iter().map(|message| message.id).max().unwrap_or(0),
                    Err(error) => return Some((Err(error), (web, person, tab, last))),
                };
                if last != Some(newest) {
                    return Some((Ok(Event::default().data(newest.to_string())), (web, person, tab, Some(newest))));
                }
                match tab.wait().await {
                    sse::Wake::ToLook => {}
                    // Something must cross the line now and then, or whoever stands between takes it for dead. Another
                    // process may have added to the page meanwhile, so the next round looks again.
                    sse::Wake::ByTime => {
                        return Some((Ok(Event::default().comment("")), (web, person, tab, last)));
                    }
                    sse::Wake::ToClose => return None,
                }
            }
        })
    }

    fn refuse(&self, visitor: &Visitor, code: StatusCode, phrase: Phrase) -> Response {
        let dialogue = self.conversation.dialogue();
        let language = dialogue.language(visitor.language(&dialogue));
        (code, page::notice(&dialogue, language, phrase)).into_response()
    }

    pub(crate) fn fail(&self, visitor: &Visitor, error: &anyhow::Error) -> Response {
        log::error!("Cannot answer on the page: {error:#}");
        self.refuse(visitor, StatusCode::SERVICE_UNAVAILABLE, Phrase::WebTrouble)
    }
}
