//! The pages that are open right now, so that what is new is seen at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use crate::channel::http::Network;

/// How often something crosses an open line: proxies cut what is silent for a minute, some for thirty seconds.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// The most pages that one person can have open. A browser opens six connections of HTTP/1.1 to one server, and the page needs some of them.
const MAX_TABS_EACH: usize = 4;

/// One network has at most one open page in so many, an IPv6 /48 being one, so that a single one cannot take them all.
/// Mobile operators hide a town behind one address: with the usual 1,024 open files this leaves it 64 pages, with the 16,384
/// of the service 1,024. Those beyond it see what is new when they reload.
const NETWORK_SHARE: usize = 8;

/// Who has pages open.
#[derive(Debug)]
pub struct EventStreams {
    /// The most pages that can be open at once: each is a connection, so this follows from the limit on open files.
    capacity: usize,
    people: Mutex<People>,
}

#[derive(Debug, Default)]
struct People {
    open: HashMap<String, watch::Sender<bool>>,
    networks: HashMap<Network, usize>,
    count: usize,
    closed: bool,
}

/// An open page.
#[derive(Debug)]
pub struct EventStream {
    tabs: Arc<EventStreams>,
    person: String,
    network: Network,
    /// Changes when there may be something new; `true`: to close.
    news: watch::Receiver<bool>,
}

/// Why somebody who waited is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    ToLook,
    ByTime,
    ToClose,
}

impl EventStreams {
    /// Room for so many open pages.
    pub fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self { capacity, people: Mutex::default() })
    }

    /// Opens one more for somebody in this network; `None`: there are too many, of theirs, of their site or in all, or we
    /// are about to stop.
    pub fn open(self: &Arc<Self>, person: &str, network: &Network) -> Option<EventStream> {
        let site = network.to_site();
        let mut people = self.people.lock().expect("the lock is not poisoned");
        let of_site = people.networks.get(&site).copied().unwrap_or(0);
        if people.closed || people.count >= self.capacity || of_site >= self.capacity.div_ceil(NETWORK_SHARE) {
            return None;
        }
        let news = people.open.entry(person.to_owned()).or_default();
        if news.receiver_count() >= MAX_TABS_EACH {
            return None;
        }
        let news = news.subscribe();
        people.count += 1;
        *people.networks.entry(site.clone()).or_default() += 1;
        Some(EventStream { tabs: self.clone(), person: person.to_owned(), network: site, news })
    }

    /// There may be something new for somebody.
    pub fn notify(&self, person: &str) {
        if let Some(news) = self.people.lock().expect("the lock is not poisoned").open.get(person) {
            news.send_replace(false);
        }
    }

    /// Lets everybody go, and nobody in any more.
    pub fn close(&self) {
        let mut people = self.people.lock().expect("the lock is not poisoned");
        people.closed = true;
        for news in people.open.values() {
            news.send_replace(true);
        }
    }
}

impl EventStream {
    /// Waits until there is a reason to look.
    pub async fn wait(&mut self) -> Wake {
        match tokio::time::timeout(HEARTBEAT, self.news.changed()).await {
            Err(_) => Wake::ByTime,
            Ok(Ok(())) if !*self.news.borrow_and_update() => Wake::ToLook,
            Ok(_) => Wake::ToClose,
        }
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        let mut people = self.tabs.people.lock().expect("the lock is not poisoned");
        people.count -= 1;
        if let Some(count) = people.networks.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                people.networks.remove(&self.network);
            }
        }
        // This one still counts as a receiver.
        if people.open.get(&self.person).is_some_and(|news| news.receiver_count() <= 1) {
            people.open.remove(&self.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(last: u8) -> Network {
        Network::V4([198, 51, 100, last])
    }

    #[tokio::test]
    async fn open_pages_are_woken_and_counted() {
        let (tabs, here) = (EventStreams::new(100), network(1));
        let mut first = tabs.open("a", &here).unwrap();
        let more: Vec<EventStream> = (1..MAX_TABS_EACH).map(|_| tabs.open("a", &here).unwrap()).collect();
        assert!(tabs.open("a", &here).is_none(), "one person cannot take all the room");
        assert!(tabs.open("b", &here).is_some());
        tabs.notify("a");
        assert_eq!(first.wait().await, Wake::ToLook);
        drop(more);
        tabs.close();
        assert_eq!(first.wait().await, Wake::ToClose);
        assert!(tabs.open("c", &here).is_none());
        drop(first);
        let people = tabs.people.lock().unwrap();
        assert_eq!((people.count, people.open.len(), people.networks.len()), (0, 0, 0));
    }

    #[test]
    fn one_network_cannot_take_all_open_pages() {
        let tabs = EventStreams::new(80);
        let open = |network: &Network| -> Vec<EventStream> {
            (0..1000).filter_map(|person| tabs.open(&format!("{network:?} {person}"), network)).collect()
        };
        let own = open(&network(1));
        assert_eq!(own.len(), 10);
        // Other networks of the same /48 are the same site.
        let [one, other] = [[0x20, 1, 0xD, 0xB8, 0, 0, 0, 1], [0x20, 1, 0xD, 0xB8, 0, 0, 0, 2]].map(Network::V6);
        let wide = open(&one);
        assert_eq!((wide.len(), open(&other).len()), (10, 0));
        let others: Vec<Vec<EventStream>> = (2..20).map(|last| open(&network(last))).collect();
        assert_eq!(others.iter().map(Vec::len).sum::<usize>(), 60, "all together have no more than there are");
        drop(own);
        assert_eq!(open(&network(1)).len(), 10);
    }
}
