//! How much one network may ask for: enough for a crowd behind one address, too little for a flood.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

use crate::channel::http::Network;

/// What a network may spend at once. A mobile operator hides a whole town behind one address, so this is what a hundred people tap.
const BURST: f64 = 600.0;

/// What it gets back each second.
const PER_SECOND: f64 = 30.0;

/// Tries of recovery codes that a site has at once, and how many it gets back each second: twenty an hour. An IPv6 site is
/// a /48, so that nobody multiplies their tries by its 65,536 networks. There is no limit over all sites: one that a single
/// client can use up locks everybody else out, and a code has eighty bits.
const CODES: f64 = 20.0;
const CODES_PER_SECOND: f64 = CODES / 3600.0;

/// What each request costs that looks into the database, before it does.
pub const LOOK: f64 = 1.0;
/// What a turn costs besides.
pub const TURN: f64 = 1.0;
/// What the first turn of somebody unknown costs besides, which begins a talk that is kept for long: ten at once, and then
/// one in two seconds.
pub const NEWCOMER: f64 = 59.0;
/// What a try of a recovery code costs.
const CODE: f64 = 1.0;

/// The most networks that are remembered. Beyond it, those that have recovered are forgotten, and then all.
const MAX_NETWORKS: usize = 20_000;

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

    /// The same for a try of a recovery code, which counts for the whole site.
    pub fn allow_code(&self, network: &Network) -> bool {
        self.codes.take(&network.to_site(), CODE, CODES, CODES_PER_SECOND, Instant::now())
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
        let mut networks = self.networks.lock().expect("the lock is not poisoned");
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

    fn network(address: &str) -> Network {
        Network::subscriber(address.parse().unwrap())
    }

    #[test]
    fn a_network_gets_its_share_and_no_more() {
        let (buckets, start) = (Buckets::default(), Instant::now());
        let own = network("2001:db8::1");
        let taken = |network: &Network, seconds| {
            let at = start + Duration::from_secs(seconds);
            (0..1000).filter(|_| buckets.take(network, 1.0, 10.0, 2.0, at)).count()
        };
        assert_eq!(taken(&own, 0), 10);
        // Another address of the same subscriber is the same; another subscriber is not.
        assert_eq!(taken(&network("2001:db8::2"), 0), 0);
        assert_eq!(taken(&network("2001:db8:0:1::1"), 0), 10);
        assert_eq!(taken(&own, 3), 6);
        assert_eq!(taken(&own, 1000), 10);
    }
    #[test]
    fn a_site_that_tries_codes_from_many_networks_locks_nobody_else_out() {
        let limits = Limits::default();
        let tries = |address: String| usize::from(limits.allow_code(&network(&address)));
        let own: usize = (0..5000).map(|subscriber| tries(format!("2001:db8:0:{subscriber:x}::1"))).sum();
        assert_eq!(own, 20);
        let others: usize = (0..100).map(|site| tries(format!("2001:db8:{:x}::1", site + 1))).sum();
        assert_eq!(others, 100);
        assert_eq!((0..30).map(|_| tries("198.51.100.7".into())).sum::<usize>(), 20);
    }
}
