//! A window for those who write dialogues: the talk beside all that the engine knows, every screen, the plans, the facts;
//! live as files are saved. For this machine only: it asks nobody who they are.

mod state;
mod views;

use std::net::SocketAddr;

use anyhow::bail;
use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use tokio::sync::watch;

use crate::channel::web::{Asset, ICON, LastInput, Visitor, Web, security};
use crate::conversation::EditImpact;
use crate::dialogues::{Problem, Severity};
use crate::engine::{Input, Press, Show};

const STYLE: Asset =
    Asset { path: "/studio.css", kind: "text/css; charset=utf-8", text: include_str!("studio/studio.css") };
const SCRIPT: Asset =
    Asset { path: "/studio.js", kind: "text/javascript; charset=utf-8", text: include_str!("studio/studio.js") };

/// The content as its author has it, of which the last sound edition runs.
#[derive(Debug, Clone, Default)]
pub struct ContentStatus {
    /// Counts the edits since the start.
    pub edition: u64,
    /// The folder that is followed; `None`: only what is in the binary, which does not change.
    pub folder: Option<String>,
    /// What is wrong, each with its file and line.
    pub problems: Vec<(Problem, String)>,
    /// The same with the lines themselves.
    pub report: String,
    /// Whom the last sound edit touches; `None`: there was none.
    pub touched: Option<EditImpact>,
}

/// The window, over the page.
#[derive(Clone)]
pub struct Studio {
    web: Web,
    content: watch::Receiver<ContentStatus>,
    /// The last input that the page handled.
    inputs: watch::Receiver<Option<LastInput>>,
}

/// Refuses an address that others could reach.
pub fn check(listen: SocketAddr) -> anyhow::Result<()> {
    if !listen.ip().is_loopback() {
        bail!("the studio asks nobody who they are, so it is for this machine only: use --listen 127.0.0.1:PORT");
    }
    Ok(())
}

impl Studio {
    /// A window on `web`, with what is said of the content.
    pub fn new(web: &Web, content: watch::Receiver<ContentStatus>) -> Self {
        let (web, inputs) = web.observed();
        Self { web, content, inputs }
    }

    /// Its routes, and those of the page.
    pub fn routes(&self) -> Router {
        let own = Router::new()
            .route("/studio", get(talk))
            .route("/studio/screens", get(screens))
            .route("/studio/plans", get(plans))
            .route("/studio/facts", get(facts))
            .route("/studio/events", get(events))
            .route(STYLE.path, get(async || STYLE.serve_fresh()))
            .route(SCRIPT.path, get(async || SCRIPT.serve_fresh()))
            .layer(middleware::map_response(security::harden))
            .with_state(self.clone());
        own.merge(self.web.routes()).layer(middleware::from_fn(only_this_machine))
    }

    /// Shows the author what an edit has made of what they were looking at, for as long as there are edits.
    pub async fn follow(mut self) {
        while self.content.changed().await.is_ok() {
            self.content.mark_unchanged();
            let last = self.inputs.borrow().clone();
            if let Some(LastInput { visitor, person, input }) = last {
                // What is only shown can be shown again; anything else would be said twice.
                let again = if matches!(input, Input::Pressed(Press::Show(_))) {
                    input
                } else {
                    Input::Pressed(Press::Show(Show::Here))
                };
                if let Err(error) = self.web.handle(&visitor, person, None, again).await {
                    log::error!("Cannot show what an edit has changed: {error:#}");
                }
            }
        }
    }
}

/// A name that somebody else has pointed at this machine is not meant for us (DNS rebinding).
async fn only_this_machine(request: Request, next: Next) -> Response {
    if security::asks_for_this_machine(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, "The studio is for this machine only.\n").into_response()
    }
}

/// Says that something is new: an edition of the content, or a turn.
async fn events(State(studio): State<Studio>) -> Response {
    let changes = (studio.content.clone(), studio.inputs.clone(), true);
    let stream = futures_util::stream::unfold(changes, async |(mut content, mut incoming, first)| {
        if !first {
            tokio::select! {
                changed = content.changed() => changed.ok()?,
                changed = incoming.changed() => changed.ok()?,
            }
        }
        let edition = content.borrow_and_update().edition;
        incoming.mark_unchanged();
        Some((anyhow::Ok(Event::default().data(edition.to_string())), (content, incoming, false)))
    });
    Sse::new(stream).into_response()
}

async fn talk(State(studio): State<Studio>, visitor: Visitor) -> Response {
    let dialogue = studio.web.conversation().dialogue();
    let session = match &visitor.person {
        Some(person) => studio.web.conversation().session(person).await,
        None => Ok(Default::default()),
    };
    match session {
        Ok(session) => studio.window("Talk", &state::knowledge(&dialogue, &session), true),
        Err(error) => studio.web.fail(&visitor, &error),
    }
}

/// What of the sheet is asked for.
#[derive(Deserialize, Default)]
struct Which {
    language: Option<String>,
    /// Words that a name must hold.
    name: Option<String>,
    /// Only screens with something wrong.
    wrong: Option<String>,
}

async fn screens(State(studio): State<Studio>, Query(which): Query<Which>) -> Response {
    let dialogue = studio.web.conversation().dialogue();
    let problems = studio.content.borrow().problems.clone();
    let only = views::ScreenFilter {
        language: which.language.filter(|tag| !tag.is_empty()),
        name: which.name.unwrap_or_default(),
        wrong: which.wrong.is_some(),
    };
    // Some thousand screens take a moment.
    let sheet =
        tokio::task::spawn_blocking(move || views::screens(&dialogue, &problems, &only, Timestamp::now())).await;
    studio.window("Screens", &sheet.unwrap_or_default(), false)
}

async fn plans(State(studio): State<Studio>, Query(only): Query<Vec<(String, String)>>) -> Response {
    let dialogue = studio.web.conversation().dialogue();
    let table = tokio::task::spawn_blocking(move || views::plans(&dialogue, &only)).await;
    studio.window("Plans", &table.unwrap_or_default(), false)
}

async fn facts(State(studio): State<Studio>) -> Response {
    let dialogue = studio.web.conversation().dialogue();
    studio.window("Facts", &views::facts(&dialogue, jiff::Zoned::now().date()), false)
}

impl Studio {
    /// One page of the window. `talks`: with the talk beside it.
    fn window(&self, name: &str, body: &Markup, talks: bool) -> Response {
        let content = self.content.borrow().clone();
        let places = [
            ("Talk", "/studio"),
            ("Screens", "/studio/screens"),
            ("Plans", "/studio/plans"),
            ("Facts", "/studio/facts"),
        ];
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { "simoff studio: " (name) }
                    link rel="icon" type="image/svg+xml" href=(ICON.link());
                    link rel="stylesheet" href=(STYLE.path);
                    script type="module" src=(SCRIPT.path) {}
                }
                body {
                    header {
                        h1 { "simoff studio" }
                        nav {
                            @for (place, path) in places {
                                a href=(path) aria-current=[(place == name).then_some("page")] { (place) }
                            }
                        }
                    }
                    div #content data-live { (news(&content)) }
                    main class=(if talks { "beside" } else { "whole" }) {
                        @if talks { iframe #talk src="/" title="The talk" {} }
                        div #knowledge data-live { (body) }
                    }
                }
            }
        };
        page.into_response()
    }
}

/// What is wrong with the content, and whom the last edit touches.
fn news(content: &ContentStatus) -> Markup {
    let count = |severity| content.problems.iter().filter(|(problem, _)| problem.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    html! {
        p role="status" {
            @match &content.folder {
                Some(folder) => { "Following " code { (folder) } ", edition " (content.edition) ". " },
                None => { "This is what is in the program. Start with --dialogues DIR to see edits live. " },
            }
            @if errors > 0 {
                strong.wrong { (errors) " errors: the last sound edition goes on. " }
            } @else {
                "No errors. "
            }
            @if warnings > 0 { strong.doubt { (warnings) " warnings. " } }
            @if let Some(touched) = &content.touched { "The last edit, for " (told(touched)) "." }
        }
        @if !content.problems.is_empty() {
            details open[errors > 0] {
                summary { "Problems" }
                ul.problems {
                    @for (problem, place) in &content.problems {
                        li class=(if problem.severity == Severity::Error { "wrong" } else { "doubt" }) {
                            code { (place) } " " (problem.message)
                            @if let Some(help) = &problem.help { " (" (help) ")" }
                        }
                    }
                }
                pre tabindex="0" { (content.report) }
            }
        }
    }
}

/// Whom an edit touches, in a line: `304 people: 290 same, 14 one step more, 0 lost something`.
fn told(touched: &EditImpact) -> String {
    let steps = |count: &usize, word: &str| match count {
        1 => format!("one step {word}"),
        count => format!("{count} steps {word}"),
    };
    let mut parts = vec![format!("{} same plan", touched.same)];
    parts.extend(touched.more.iter().map(|(count, people)| format!("{people} {}", steps(count, "more"))));
    parts.extend(touched.fewer.iter().map(|(count, people)| format!("{people} {}", steps(count, "less"))));
    if touched.asked > 0 {
        parts.push(format!("{} asked something else", touched.asked));
    }
    parts.push(format!("{} lost", touched.lost));
    let people = if touched.people == 1 { "1 person".to_owned() } else { format!("{} people", touched.people) };
    format!("{people}: {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_edit_is_told_in_a_line() {
        let touched = EditImpact { people: 304, same: 290, more: BTreeMap::from([(1, 14)]), ..EditImpact::default() };
        assert_eq!(told(&touched), "304 people: 290 same plan, 14 one step more, 0 lost");
        let fewer = BTreeMap::from([(2, 1)]);
        let touched = EditImpact { people: 1, fewer, asked: 1, lost: 1, ..EditImpact::default() };
        assert_eq!(told(&touched), "1 person: 0 same plan, 1 2 steps less, 1 asked something else, 1 lost");
    }

    #[test]
    fn the_studio_is_for_this_machine() {
        for (address, allowed) in
            [("127.0.0.1:1", true), ("[::1]:1", true), ("0.0.0.0:1", false), ("192.168.1.2:1", false)]
        {
            assert_eq!(check(address.parse().unwrap()).is_ok(), allowed, "{address}");
        }
    }
}
