//! Who asks: the address of the client and its scheme, as the peer or a trusted proxy says, and the network it belongs to.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use ipnet::IpNet;

/// Bits of an IPv6 address that one subscriber gets, and that a site gets.
const SUBSCRIBER_BITS: usize = 64;
const SITE_BITS: usize = 48;

/// What asks as one: an IPv4 address, or the first bits of an IPv6 address; the others are zero.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Network {
    /// An address.
    V4([u8; 4]),
    /// The first 64 bits.
    V6([u8; SUBSCRIBER_BITS / 8]),
}

impl Network {
    /// What one subscriber has: an address, or an IPv6 /64.
    pub fn subscriber(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }

    /// What one customer of a hoster has: an address, or an IPv6 /48, which holds 65,536 subscribers' networks. For what
    /// must not be multiplied by them.
    pub fn site(address: IpAddr) -> Self {
        Self::subscriber(address).to_site()
    }

    /// The site of a subscriber's network.
    pub fn to_site(&self) -> Self {
        match self {
            Self::V4(_) => self.clone(),
            Self::V6(bytes) => {
                let mut site = *bytes;
                site[SITE_BITS / 8..].fill(0);
                Self::V6(site)
            }
        }
    }
}

/// The proxies whose word counts.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// The proxies in these networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Whether an address is one of them.
    pub fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Who sent a request; every request has it among its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The client's own network, not that of a proxy.
    pub network: Network,
    /// A trusted proxy says that the client speaks TLS with it.
    pub https: bool,
}

impl Client {
    /// The client behind `peer`, which is believed about it only where it is a trusted proxy.
    pub fn of(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let mut address = peer;
        // Each proxy appends who asked it, so the last entry is the nearest; those before the first that is no proxy of
        // ours are only claimed.
        let mut hops = entries(headers, "x-forwarded-for");
        while proxies.trust(address)
            && let Some(hop) = hops.next().and_then(|entry| entry.parse().ok())
        {
            address = hop;
        }
        let scheme = entries(headers, "x-forwarded-proto").next();
        let https = proxies.trust(peer) && scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        Self { network: Network::subscriber(address), https }
    }
}

/// The entries of a list that may stand in several lines, the last first.
fn entries<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter().rev().map(|line| line.to_str().unwrap_or(""));
    lines.flat_map(|line| line.rsplit(',')).map(str::trim)
}

/// Whether the `Host` of a request is one that nobody can have pointed at us from the internet: an address, `localhost`, or
/// a name without a dot. A request without one comes from no browser.
pub fn is_private_host(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, _)| address.parse::<IpAddr>().is_ok());
    }
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    !name.is_empty() && (!name.contains('.') || name.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    fn client(peer: &str, trusted: &[&str], pairs: &[(&'static str, &'static str)]) -> Client {
        let proxies = TrustedProxies::new(trusted.iter().map(|network| network.parse().unwrap()).collect());
        Client::of(peer.parse().unwrap(), &headers(pairs), &proxies)
    }

    fn network(address: &str) -> Network {
        Network::subscriber(address.parse().unwrap())
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let told = &[("x-forwarded-for", "198.51.100.7, 192.0.2.1"), ("x-forwarded-proto", "https")][..];
        for (peer, trusted, address, https) in [
            ("127.0.0.1", &["127.0.0.0/8"][..], "192.0.2.1", true),
            ("::ffff:127.0.0.1", &["127.0.0.0/8"], "192.0.2.1", true),
            // A private address is a neighbour, and no proxy.
            ("10.0.0.2", &["127.0.0.0/8"], "10.0.0.2", false),
            ("192.168.1.2", &["127.0.0.0/8"], "192.168.1.2", false),
            ("10.0.0.2", &["10.0.0.0/29"], "192.0.2.1", true),
            ("10.0.0.9", &["10.0.0.0/29"], "10.0.0.9", false),
            ("fd00::2", &["fd00::/64"], "192.0.2.1", true),
            ("127.0.0.1", &[], "127.0.0.1", false),
            // One proxy behind the other: both are passed over.
            ("127.0.0.1", &["127.0.0.0/8", "192.0.2.0/24"], "198.51.100.7", true),
        ] {
            let found = client(peer, trusted, told);
            assert_eq!(found, Client { network: network(address), https }, "{peer} {trusted:?}");
        }
        let trusted = &["127.0.0.1/32"];
        for pairs in [&[("x-forwarded-for", "nonsense")][..], &[("x-forwarded-for", "")], &[]] {
            assert_eq!(client("127.0.0.1", trusted, pairs).network, network("127.0.0.1"), "{pairs:?}");
        }
        let lines = &[("x-forwarded-for", "198.51.100.7"), ("x-forwarded-for", "192.0.2.1")];
        assert_eq!(client("127.0.0.1", trusted, lines).network, network("192.0.2.1"));
        assert!(!client("127.0.0.1", trusted, &[("x-forwarded-proto", "https, http")]).https);
    }

    #[test]
    fn a_site_has_many_subscribers() {
        let site = |address: &str| Network::site(address.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::2"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(site("2001:db8::1"), site("2001:db8:0:1::1"));
        assert_ne!(site("2001:db8::1"), site("2001:db8:1::1"));
        assert_eq!(site("::ffff:192.0.2.1"), network("192.0.2.1"));
    }

    #[test]
    fn a_host_that_anybody_could_have_pointed_here_is_not_private() {
        for (host, private) in [
            ("127.0.0.1:9464", true),
            ("10.0.0.2", true),
            ("[::1]:9464", true),
            ("[fd00::1]", true),
            ("localhost:9464", true),
            ("simoff:9464", true),
            ("evil.example:9464", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.:9464", false),
            ("[evil.example]", false),
            ("[::1", false),
            ("", false),
            (":9464", false),
        ] {
            assert_eq!(is_private_host(&headers(&[("host", host)])), private, "{host}");
        }
        assert!(is_private_host(&headers(&[])), "HTTP/1.0 has no Host");
    }
}
