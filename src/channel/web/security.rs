//! What keeps others out: whose form this is, and what a browser may do with our answers.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

/// Nothing from elsewhere, nothing within the page itself; forms come back to us, and nobody frames us but ourselves.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'self'";

const HEADERS: [(header::HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: with it, browsers send forms with `Origin: null`, and we could not tell our own.
    (header::REFERRER_POLICY, "same-origin"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
];

/// Adds the headers that every answer has. What is somebody's own is kept nowhere.
pub async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a form was sent from our own page. Browsers say so in `Sec-Fetch-Site`, older ones and those without TLS by the
/// `Origin`, which they send with every POST; whoever says neither is refused.
pub fn is_own(headers: &HeaderMap) -> bool {
    match text(headers, "sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => {
            let origin = text(headers, "origin").and_then(|origin| origin.split_once("://"));
            origin.is_some_and(|(_, authority)| Some(authority) == text(headers, "host"))
        }
    }
}

/// Whether our page was opened by a link on somebody else's.
pub fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    text(headers, "sec-fetch-mode") == Some("navigate")
        && matches!(text(headers, "sec-fetch-site"), Some("cross-site" | "same-site"))
}

/// Whether a form says that its page came over TLS.
pub fn has_secure_origin(headers: &HeaderMap) -> bool {
    text(headers, "origin").is_some_and(|origin| origin.starts_with("https://"))
}

/// Whether the browser asks for this very machine: a name that somebody else has pointed at it is not meant for us.
pub fn asks_for_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = text(headers, "host") else { return false };
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.contains(']') { host } else { name });
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_form_of_our_own_is_told_from_others() {
        for (pairs, own) in [
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://a"), ("host", "b")][..], true),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://a"), ("host", "a")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], true),
            (&[("origin", "https://evil.example"), ("host", "bot.example")], false),
            (&[("origin", "null"), ("host", "null")], false),
            (&[("host", "bot.example")], false),
        ] {
            assert_eq!(is_own(&headers(pairs)), own, "{pairs:?}");
        }
    }

    #[test]
    fn only_this_machine_is_this_machine() {
        for (host, ours) in [
            ("127.0.0.1:8080", true),
            ("localhost", true),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
        ] {
            assert_eq!(asks_for_this_machine(&headers(&[("host", host)])), ours, "{host}");
        }
    }
}
