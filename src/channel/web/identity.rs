//! Who asks, as far as a request tells: a cookie, a network, and the languages of a browser.

use anyhow::anyhow;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use sha2::{Digest, Sha256};

use super::CHANNEL;
use super::security::has_secure_origin;
use crate::channel::http::{Client, Network};
use crate::conversation::IDLE_DAYS;
use crate::dialogues::Dialogue;

/// The name of the cookie, and the one that it has where there is TLS: browsers let nobody else set that one.
const COOKIE: &str = "simoff";
const HOST_COOKIE: &str = "__Host-simoff";

/// Letters of a cookie: 128 random bits in base 16.
const COOKIE_LETTERS: usize = 32;

/// The most languages of a browser that are looked at.
const MAX_LANGUAGES: usize = 8;

/// The sender of a request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What their cookie says.
    pub cookie: Option<String>,
    /// Their key, which the cookie leads to and which does not lead back to the cookie.
    pub person: Option<String>,
    pub network: Network,
    /// The browser speaks TLS: the form says so, or a trusted proxy does.
    pub secure: bool,
    languages: Vec<String>,
}

impl Visitor {
    /// The first language of the browser that the dialogue speaks, else its first.
    pub fn language(&self, dialogue: &Dialogue) -> Option<&str> {
        let primary = |tag: &str| tag.split('-').next().unwrap_or("").to_ascii_lowercase();
        let spoken = |tag: &&String| dialogue.graph.languages.iter().any(|known| primary(known) == primary(tag));
        self.languages.iter().find(spoken).or(self.languages.first()).map(String::as_str)
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    /// The server gives every request its client; without one there is a fault of ours.
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let client = parts.extensions.get::<Client>().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        let secure = client.https || has_secure_origin(&parts.headers);
        let cookie = cookie(&parts.headers, secure);
        Ok(Self {
            person: cookie.as_deref().map(person_of),
            cookie,
            network: client.network.clone(),
            secure,
            languages: languages(&parts.headers),
        })
    }
}

/// A person's key from their cookie. The database does not reveal the cookie.
pub fn person_of(cookie: &str) -> String {
    let digest = Sha256::digest(cookie);
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{}{name}", CHANNEL.prefix)
}

/// A new cookie: chance, and nothing else.
pub fn new_cookie() -> anyhow::Result<String> {
    let mut chance = [0; COOKIE_LETTERS / 2];
    getrandom::fill(&mut chance).map_err(|error| anyhow!("There is no randomness: {error}"))?;
    Ok(chance.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The line that makes a browser keep the cookie, as long as an idle talk is kept. Scripts cannot read it, and no other page
/// can have it sent.
pub fn set_cookie(cookie: &str, secure: bool) -> String {
    let seconds = IDLE_DAYS * 24 * 60 * 60;
    let (name, secure) = if secure { (HOST_COOKIE, "; Secure") } else { (COOKIE, "") };
    format!("{name}={cookie}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

/// The cookie of a request, if it looks like one of ours. Where there is TLS, only the one counts that nobody else can have
/// set; and where a browser sends that one, the other is somebody else's.
fn cookie(headers: &HeaderMap, secure: bool) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs: Vec<(&str, &str)> =
        pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).collect();
    let named = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let value = named(HOST_COOKIE).or_else(|| if secure { None } else { named(COOKIE) })?;
    let is_ours = value.len() == COOKIE_LETTERS && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then(|| value.to_owned())
}

/// The languages that a browser asks for, in its order.
fn languages(headers: &HeaderMap) -> Vec<String> {
    let line = headers.get(header::ACCEPT_LANGUAGE).and_then(|line| line.to_str().ok()).unwrap_or("");
    let tags = line.split(',').filter_map(|part| part.split(';').next()).map(str::trim);
    tags.filter(|tag| !tag.is_empty() && *tag != "*").take(MAX_LANGUAGES).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (header::HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_cookie_is_chance_and_its_key_leads_nowhere() {
        let (one, other) = (new_cookie().unwrap(), new_cookie().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), COOKIE_LETTERS);
        assert!(!person_of(&one).contains(&one));
        let plain = set_cookie(&one, false);
        assert!(plain.starts_with("simoff=") && plain.ends_with("HttpOnly; SameSite=Strict"), "{plain}");
        let secure = set_cookie(&one, true);
        assert!(secure.starts_with("__Host-simoff=") && secure.ends_with("Secure"), "{secure}");
    }

    #[test]
    fn only_a_cookie_of_ours_counts() {
        let sound = "0123456789abcdef0123456789abcdef";
        let plain = "simoff=0123456789abcdef0123456789abcdef";
        let both = "simoff=ffffffffffffffffffffffffffffffff; __Host-simoff=0123456789abcdef0123456789abcdef";
        for (line, secure, expect) in [
            (plain, false, Some(sound)),
            ("a=b; simoff=0123456789abcdef0123456789abcdef; c=d", false, Some(sound)),
            ("__Host-simoff=0123456789abcdef0123456789abcdef", true, Some(sound)),
            // Set by a neighbour, for us to write into.
            (plain, true, None),
            (both, true, Some(sound)),
            (both, false, Some(sound)),
            ("simoff=0123456789abcdef0123456789abcdef; __Host-simoff=broken", false, None),
            ("simoff=' OR 1=1 --", false, None),
            ("simoff=", false, None),
            ("", false, None),
        ] {
            assert_eq!(cookie(&headers(&[("cookie", line)]), secure).as_deref(), expect, "{line:?}, TLS {secure}");
        }
    }

    #[tokio::test]
    async fn tls_is_known_from_a_form_or_a_trusted_proxy() {
        let plain = ("cookie", "simoff=0123456789abcdef0123456789abcdef");
        for (more, https, counts) in [
            (None, false, true),
            (Some(("origin", "https://bot.example")), false, false),
            (None, true, false),
            // Not a proxy's word: the server has looked at who says it.
            (Some(("x-forwarded-proto", "https")), false, true),
        ] {
            let network = Network::V4([192, 0, 2, 1]);
            let (mut parts, ()) = axum::http::Request::new(()).into_parts();
            parts.headers = headers(&[Some(plain), more].into_iter().flatten().collect::<Vec<_>>());
            parts.extensions.insert(Client { network, https });
            let visitor = Visitor::from_request_parts(&mut parts, &()).await.unwrap();
            assert_eq!(visitor.cookie.is_some(), counts, "{more:?}, proxy {https}");
            assert_eq!(visitor.secure, !counts);
        }
    }

    #[test]
    fn the_browser_says_which_languages_it_likes() {
        let tags = languages(&headers(&[("accept-language", "fr-FR, zh-TW;q=0.8,en;q=0.5, *;q=0.1")]));
        assert_eq!(tags, ["fr-FR", "zh-TW", "en"]);
    }
}
