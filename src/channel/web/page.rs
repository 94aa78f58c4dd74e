//! From screens to a page of HTML. Every sentence on it is from `dialogues/`, and what is put in is escaped by the template.

use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::MAX_TEXT_CHARS;
use crate::conversation::{Feed, OutboxMessage};
use crate::dialogues::Dialogue;
use crate::dialogues::texts::{Phrase, Value, escape};
use crate::dialogues::words::COMMANDS;
use crate::engine::Press;
use crate::render::{Choice, File, Place, Screen};

/// What belongs to the page and is the same for everybody; in the binary.
pub struct Asset {
    pub path: &'static str,
    pub kind: &'static str,
    pub text: &'static str,
}

pub const STYLE: Asset = Asset { path: "/page.css", kind: "text/css; charset=utf-8", text: include_str!("page.css") };
pub const SCRIPT: Asset =
    Asset { path: "/page.js", kind: "text/javascript; charset=utf-8", text: include_str!("page.js") };
pub const ICON: Asset = Asset { path: "/icon.svg", kind: "image/svg+xml", text: include_str!("icon.svg") };

/// Changes with any of them, so that browsers can keep them for ever.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let digest =
        [STYLE, SCRIPT, ICON].iter().fold(Sha256::new(), |hash, asset| hash.chain_update(asset.text)).finalize();
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
});

impl Asset {
    pub fn serve(&self) -> Response {
        let keep = "public, max-age=31536000, immutable";
        ([(header::CONTENT_TYPE, self.kind), (header::CACHE_CONTROL, keep)], self.text).into_response()
    }

    /// For what changes with every build of an author.
    pub fn serve_fresh(&self) -> Response {
        ([(header::CONTENT_TYPE, self.kind)], self.text).into_response()
    }

    /// Where the page finds it.
    pub fn link(&self) -> String {
        format!("{}?{}", self.path, *VERSION)
    }
}

/// The page. Where the person has said something before, something may come by itself.
pub fn document(dialogue: &Dialogue, page: &Feed) -> Response {
    let language = page.language.as_str();
    let phrase = |phrase| dialogue.texts.phrase(language, phrase);
    let body = html! {
        a.skip href="#text" { (phrase(Phrase::WebSkip)) }
        (header(dialogue, language))
        main {
            div #past {}
            div #now role="log" aria-label=(phrase(Phrase::WebTalk)) data-newest=(page.newest()) data-live[page.known] {
                @for message in &page.messages { (article(dialogue, language, message)) }
            }
            p #status role="status" {}
        }
        form #say method="post" action="/" aria-label=(phrase(Phrase::WebWrite)) {
            label.unseen for="text" { (phrase(Phrase::WebWrite)) }
            input #text name="text" type="text" maxlength=(MAX_TEXT_CHARS) required autocomplete="off"
                enterkeyhint="send" placeholder=(phrase(Phrase::WebExample));
            button { (phrase(Phrase::WebSend)) }
        }
        footer {
            details #menu {
                summary { (phrase(Phrase::WebMenu)) }
                form method="post" action="/" {
                    @for command in COMMANDS {
                        button name="text" value={ "/" (command) } {
                            (PreEscaped(dialogue.texts.get(language, &format!("cmd-{command}"))))
                        }
                    }
                }
            }
            p.note { (PreEscaped(phrase(Phrase::WebNote))) }
        }
    };
    let texts = [phrase(Phrase::WebOffline), phrase(Phrase::WebYou)];
    whole(dialogue, language, &body, texts).into_response()
}

/// One sentence instead of the page, and the way back.
pub fn notice(dialogue: &Dialogue, language: &str, phrase: Phrase) -> Markup {
    let body = html! {
        (header(dialogue, language))
        main {
            article #notice { (PreEscaped(dialogue.texts.phrase(language, phrase))) }
            p { a.button href="/" { (dialogue.texts.phrase(language, Phrase::BtnBack)) } }
        }
    };
    whole(dialogue, language, &body, ["", ""])
}

/// What comes before the page when somebody follows a link to it.
pub fn again() -> Markup {
    html! { (DOCTYPE) html lang="en" { head { title { "simoff" } } body { a href="/" { "simoff" } } } }
}

fn whole(dialogue: &Dialogue, language: &str, body: &Markup, [offline, you]: [&str; 2]) -> Markup {
    let text = |key: &str| PreEscaped(dialogue.texts.get(language, key));
    html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="description" content=(text("profile-short"));
                title { (text("profile-name")) }
                link rel="icon" type="image/svg+xml" href=(ICON.link());
                link rel="stylesheet" href=(STYLE.link());
                script type="module" src=(SCRIPT.link()) {}
            }
            body data-offline=(offline) data-you=(you) { (body) }
        }
    }
}

fn header(dialogue: &Dialogue, language: &str) -> Markup {
    html! {
        header {
            h1 { (PreEscaped(dialogue.texts.get(language, "profile-name"))) }
            form.languages method="post" action="/" {
                @for tag in &dialogue.graph.languages {
                    button name="press" value=(value(0, &Press::Language(tag.clone()).encode())) lang=(tag)
                        aria-current=[(tag == language).then_some("true")] {
                        (PreEscaped(dialogue.texts.phrase(tag, Phrase::LanguageName)))
                    }
                }
            }
        }
    }
}

/// What a button sends: the message it stands in, and what it does.
fn value(message: i64, press: &str) -> String {
    format!("{message} {press}")
}

/// One screen. A list stands where it belongs, at the end of the text; then what leads on, then what leads aside.
fn article(dialogue: &Dialogue, language: &str, message: &OutboxMessage) -> Markup {
    let screen = &message.payload.screen;
    let at = |place| screen.choices.iter().filter(move |choice| choice.place == place).collect::<Vec<_>>();
    html! {
        article #{ "s" (message.id) } class=[screen.held_up.is_some().then_some("held-up")] tabindex="-1" {
            div.text { (text(dialogue, screen)) }
            @if let Some(file) = &screen.file {
                a.button href={ "/file/" (message.id) } download=(file.name) {
                    (PreEscaped(dialogue.texts.say(language, Phrase::WebFile, &[("name", Value::Text(&file.name))])))
                }
            }
            @if !screen.choices.is_empty() {
                form method="post" action="/" {
                    @for (class, choices) in [("listed", at(Place::Listed)), ("on", at(Place::On)), ("aside", at(Place::Aside))] {
                        @if !choices.is_empty() {
                            div class=(class) { @for choice in choices { (button(message.id, choice)) } }
                        }
                    }
                }
            }
        }
    }
}

fn button(message: i64, choice: &Choice) -> Markup {
    html! {
        @match choice.address() {
            Some(address) => a.button href=(address) target="_blank" rel="noopener noreferrer" { (choice.label) },
            None => button name="press" value=(value(message, &choice.press)) { (choice.label) },
        }
    }
}

/// The text of a screen. What is a site or a mailbox by the facts, or an address in full, can be opened.
fn text(dialogue: &Dialogue, screen: &Screen) -> Markup {
    let mut html = String::with_capacity(screen.text.len() * 2);
    let mut rest = screen.text.as_str();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "@._-:/~%?=".contains(letter);
    while let Some(start) = rest.find(is_part) {
        html += &rest[..start];
        let end = rest[start..].find(|letter| !is_part(letter)).map_or(rest.len(), |length| start + length);
        let token = &rest[start..end];
        let word = token.trim_end_matches(['.', ':', '?']);
        match address(dialogue, word) {
            Some(address) => {
                html += &format!(
                    "<a href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer\">{word}</a>",
                    escape(&address)
                );
                html += &token[word.len()..];
            }
            None => html += token,
        }
        rest = &rest[end..];
    }
    html += rest;
    // What is held up is for somebody who reads another language; a screen reader must know which.
    if let Some(language) = &screen.held_up {
        html = html.replace("<code>", &format!("<code lang=\"{}\">", escape(language)));
    }
    PreEscaped(html)
}

/// Where a word of a text leads, if it leads anywhere.
fn address(dialogue: &Dialogue, word: &str) -> Option<String> {
    if word.starts_with("https://") {
        return Some(word.to_owned());
    }
    let fact = dialogue.facts.list.iter().find(|fact| fact.value.value == word)?;
    match fact.kind.as_str() {
        "site" => Some(format!("https://{word}")),
        "email" => Some(format!("mailto:{word}")),
        _ => None,
    }
}

/// A file to keep. It never opens in the page, so it is under no rule but that of whoever opens it.
pub fn download(file: File) -> Response {
    let kind = match file.name.rsplit('.').next() {
        Some("ics") => "text/calendar; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    // The names are ours: letters, digits, hyphens and a full stop.
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file.name));
    let Ok(name) = name else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)];
    (headers, file.text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogues::{Source, load};

    #[test]
    fn what_is_an_address_can_be_opened_and_nothing_else() {
        let dialogue = load(&Source::embedded(), jiff::civil::date(2026, 11, 23)).dialogue.unwrap();
        let shown = |words: &str| {
            let screen = Screen { text: words.into(), choices: Vec::new(), file: None, held_up: None };
            text(&dialogue, &screen).into_string()
        };
        for plain in [
            "",
            "你好",
            "<b>bold</b> &lt;script&gt;",
            "3.5",
            "*1111#",
            "javascript:alert(1)",
            "evil.az",
            "http://nar.az",
        ] {
            assert_eq!(shown(plain), plain);
        }
        let link = |address: &str, word: &str| {
            format!("<a href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer\">{word}</a>")
        };
        assert_eq!(shown("在 nar.az。"), format!("在 {}。", link("https://nar.az", "nar.az")));
        let mail = "customercare@azercell.com";
        assert_eq!(shown(&format!("写 {mail}.")), format!("写 {}.", link(&format!("mailto:{mail}"), mail)));
        assert_eq!(shown("(https://a.az/b?c=d)"), format!("({})", link("https://a.az/b?c=d", "https://a.az/b?c=d")));
        assert_eq!(shown("https://a.az/\"onclick"), format!("{}\"onclick", link("https://a.az/", "https://a.az/")));
    }
}
