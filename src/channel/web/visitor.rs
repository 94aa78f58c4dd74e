//! Who asks, as far as a request tells: a cookie, a network, and the languages of a browser.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::anyhow;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use super::CHANNEL;
use super::guard::is_secure;
use super::limit::Network;
use crate::conversation::IDLE_DAYS;
use crate::dialogues::Dialogue;

/// The name of the cookie, and the one that it has where there is TLS: browsers let nobody else set that one.
const COOKIE: &str = "simoff";
const HOST_COOKIE: &str = "__Host-simoff";

/// Letters of a cookie: 128 random bits in base 16.
const COOKIE_LETTERS: usize = 32;

/// The most languages of a browser that are looked at.
const MAX_LANGUAGES: usize = 8;

/// Whoever sent a request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What their cookie says.
    pub cookie: Option<String>,
    /// Their key, which the cookie leads to and which does not lead back to the cookie.
    pub person: Option<String>,
    pub network: Network,
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
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let cookie = cookie(&parts.headers);
        Ok(Self {
            person: cookie.as_deref().map(person_of),
            cookie,
            network: network(peer.unwrap_or(Ipv4Addr::LOCALHOST.into()), &parts.headers),
            languages: languages(&parts.headers),
        })
    }
}

/// A person's key from their cookie. Whoever reads the database cannot make the cookie from it.
pub fn person_of(cookie: &str) -> String {
    let digest = Sha256::digest(cookie);
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{CHANNEL}{name}")
}

/// A new cookie: chance, and nothing else.
pub fn new_cookie() -> anyhow::Result<String> {
    let mut chance = [0; COOKIE_LETTERS / 2];
    getrandom::fill(&mut chance).map_err(|error| anyhow!("There is no randomness: {error}"))?;
    Ok(chance.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The line that makes a browser keep the cookie, as long as an idle talk is kept. Scripts cannot read it, and no other page
/// can have it sent.
pub fn set_cookie(cookie: &str, headers: &HeaderMap) -> String {
    let seconds = IDLE_DAYS * 24 * 60 * 60;
    let (name, secure) = if is_secure(headers) { (HOST_COOKIE, "; Secure") } else { (COOKIE, "") };
    format!("{name}={cookie}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

/// The cookie of a request, if it looks like one of ours. Where a form says that there is TLS, only the one counts that
/// nobody else can have set.
fn cookie(headers: &HeaderMap) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs: Vec<(&str, &str)> =
        pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).collect();
    let named = |name: &str| {
        let found = pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        found.filter(|value| value.len() == COOKIE_LETTERS && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    named(HOST_COOKIE).or_else(|| if is_secure(headers) { None } else { named(COOKIE) })
}

/// Where a request comes from. Whoever is as near as a proxy is taken for one, and believed about the address before it.
fn network(peer: IpAddr, headers: &HeaderMap) -> Network {
    let is_near = match peer.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    };
    let told = headers.get_all("x-forwarded-for").iter().next_back().and_then(|line| line.to_str().ok());
    let told = told.and_then(|line| line.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    told.filter(|_| is_near).unwrap_or(peer).into()
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
        let plain = set_cookie(&one, &headers(&[]));
        assert!(plain.starts_with("simoff=") && plain.ends_with("HttpOnly; SameSite=Strict"), "{plain}");
        let secure = set_cookie(&one, &headers(&[("origin", "https://bot.example")]));
        assert!(secure.starts_with("__Host-simoff=") && secure.ends_with("Secure"), "{secure}");
    }

    #[test]
    fn only_a_cookie_of_ours_counts() {
        let sound = "0123456789abcdef0123456789abcdef";
        for (pairs, expect) in [
            (&[("cookie", "simoff=0123456789abcdef0123456789abcdef")][..], Some(sound)),
            (&[("cookie", "a=b; simoff=0123456789abcdef0123456789abcdef; c=d")], Some(sound)),
            (&[("cookie", "__Host-simoff=0123456789abcdef0123456789abcdef"), ("origin", "https://a")], Some(sound)),
            // Set by a neighbour, for us to write into.
            (&[("cookie", "simoff=0123456789abcdef0123456789abcdef"), ("origin", "https://a")], None),
            (&[("cookie", "simoff=' OR 1=1 --")], None),
            (&[("cookie", "simoff=")], None),
            (&[], None),
        ] {
            assert_eq!(cookie(&headers(pairs)).as_deref(), expect, "{pairs:?}");
        }
    }

    #[test]
    fn only_a_proxy_is_believed() {
        let told = headers(&[("x-forwarded-for", "198.51.100.7, 192.0.2.1")]);
        let from = |peer: &str, headers: &HeaderMap| network(peer.parse().unwrap(), headers);
        let is = |address: &str| Network::from(address.parse::<IpAddr>().unwrap());
        assert_eq!(from("127.0.0.1", &told), is("192.0.2.1"));
        assert_eq!(from("10.0.0.2", &told), is("192.0.2.1"));
        assert_eq!(from("203.0.113.9", &told), is("203.0.113.9"));
        assert_eq!(from("127.0.0.1", &headers(&[("x-forwarded-for", "nonsense")])), is("127.0.0.1"));
    }

    #[test]
    fn the_browser_says_which_languages_it_likes() {
        let tags = languages(&headers(&[("accept-language", "fr-FR, zh-TW;q=0.8,en;q=0.5, *;q=0.1")]));
        assert_eq!(tags, ["fr-FR", "zh-TW", "en"]);
    }
}
