//! How much one network may ask for: enough for a crowd behind one address, too little for a flood.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Instant;

/// What a network may spend at once. A mobile operator hides a whole town behind one address, so this is what a hundred people tap.
const BURST: f64 = 600.0;

/// What it gets back each second.
const PER_SECOND: f64 = 30.0;

/// Tries of recovery codes that a network has at once, and how many it gets back each second: twenty an hour.
const CODES: f64 = 20.0;
const CODES_PER_SECOND: f64 = CODES / 3600.0;

/// What a look at the page costs.
pub const LOOK: f64 = 1.0;
/// What a turn costs.
pub const TURN: f64 = 2.0;
/// What the first turn of somebody unknown costs, which begins a talk that is kept for long.
pub const NEWCOMER: f64 = 60.0;
/// What a try of a recovery code costs.
pub const CODE: f64 = 1.0;

/// The most networks that are remembered. Beyond it, those that have recovered are forgotten, and then all.
const MAX_NETWORKS: usize = 20_000;

/// What asks as one: an IPv4 address, or the part of an IPv6 address that one subscriber gets (64 bits).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Network {
    V4([u8; 4]),
    V6([u8; 8]),
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

/// Buckets of tokens, one a network.
#[derive(Debug, Default)]
pub struct Limits {
    turns: Buckets,
    codes: Buckets,
}

impl Limits {
    /// Takes what something costs; whether it may be done.
    pub fn allow(&self, network: &Network, cost: f64) -> bool {
        self.turns.take(network, cost, BURST, PER_SECOND, Instant::now())
    }

    /// The same for tries of recovery codes.
    pub fn allow_code(&self, network: &Network, cost: f64) -> bool {
        self.codes.take(network, cost, CODES, CODES_PER_SECOND, Instant::now())
    }
}

#[derive(Debug, Default)]
struct Buckets {
    /// What is left, and when that was.
    networks: Mutex<HashMap<Network, (f64, Instant)>>,
}

impl Buckets {
    fn take(&self, network: &Network, cost: f64, burst: f64, per_second: f64, now: Instant) -> bool {
        let filled = |(left, at): (f64, Instant)| burst.min(left + now.duration_since(at).as_secs_f64() * per_second);
        let mut networks = self.networks.lock().expect("nobody panics while holding this");
        if networks.len() >= MAX_NETWORKS && !networks.contains_key(network) {
            networks.retain(|_, bucket| filled(*bucket) < burst);
            if networks.len() >= MAX_NETWORKS {
                networks.clear();
            }
        }
        let bucket = networks.entry(network.clone()).or_insert((burst, now));
        let left = filled(*bucket);
        let allowed = left >= cost;
        *bucket = (if allowed { left - cost } else { left }, now);
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_network_gets_its_share_and_no_more() {
        let (buckets, start) = (Buckets::default(), Instant::now());
        let network = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
        let own = network("2001:db8::1");
        let taken = |network: &Network, seconds| {
            let at = start + Duration::from_secs(seconds);
            (0..1000).filter(|_| buckets.take(network, 1.0, 10.0, 2.0, at)).count()
        };
        assert_eq!(taken(&own, 0), 10);
        // Another address of the same subscriber is the same; another subscriber is not.
        assert_eq!(taken(&network("2001:db8::2"), 0), 0);
        assert_eq!(taken(&network("2001:db8:0:1::1"), 0), 10);
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_eq!(taken(&own, 3), 6);
        assert_eq!(taken(&own, 1000), 10);
    }
}
