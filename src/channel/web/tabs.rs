//! The pages that are open right now, so that what is new is seen at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

/// How often something crosses an open line: proxies cut what is silent for a minute, some for thirty seconds.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// The most pages that can be open at once. Each is a connection and some kilobytes.
const MAX_TABS: usize = 4096;

/// The most pages that one person can have open. A browser opens six connections of HTTP/1.1 to one server, and the page needs some of them.
const MAX_TABS_EACH: usize = 4;

/// Who has pages open.
#[derive(Debug, Default)]
pub struct Tabs {
    people: Mutex<People>,
}

#[derive(Debug, Default)]
struct People {
    open: HashMap<String, watch::Sender<bool>>,
    count: usize,
    closed: bool,
}

/// An open page.
#[derive(Debug)]
pub struct Tab {
    tabs: Arc<Tabs>,
    person: String,
    /// Changes when there may be something new; `true`: to close.
    news: watch::Receiver<bool>,
}

/// Why somebody who waited is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    ToLook,
    ByTime,
    ToClose,
}

impl Tabs {
    /// Opens one more; `None`: there are too many, or we are about to stop.
    pub fn open(self: &Arc<Self>, person: &str) -> Option<Tab> {
        let mut people = self.people.lock().expect("nobody panics while holding this");
        if people.closed || people.count >= MAX_TABS {
            return None;
        }
        let news = people.open.entry(person.to_owned()).or_default();
        if news.receiver_count() >= MAX_TABS_EACH {
            return None;
        }
        let news = news.subscribe();
        people.count += 1;
        Some(Tab { tabs: self.clone(), person: person.to_owned(), news })
    }

    /// There may be something new for somebody.
    pub fn notify(&self, person: &str) {
        if let Some(news) = self.people.lock().expect("nobody panics while holding this").open.get(person) {
            news.send_replace(false);
        }
    }

    /// Lets everybody go, and nobody in any more.
    pub fn close(&self) {
        let mut people = self.people.lock().expect("nobody panics while holding this");
        people.closed = true;
        for news in people.open.values() {
            news.send_replace(true);
        }
    }
}

impl Tab {
    /// Waits until there is a reason to look.
    pub async fn wait(&mut self) -> Woken {
        match tokio::time::timeout(HEARTBEAT, self.news.changed()).await {
            Err(_) => Woken::ByTime,
            Ok(Ok(())) if !*self.news.borrow_and_update() => Woken::ToLook,
            Ok(_) => Woken::ToClose,
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let mut people = self.tabs.people.lock().expect("nobody panics while holding this");
        people.count -= 1;
        // This one still counts as a receiver.
        if people.open.get(&self.person).is_some_and(|news| news.receiver_count() <= 1) {
            people.open.remove(&self.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn open_pages_are_woken_and_counted() {
        let tabs = Arc::new(Tabs::default());
        let mut first = tabs.open("a").unwrap();
        let more: Vec<Tab> = (1..MAX_TABS_EACH).map(|_| tabs.open("a").unwrap()).collect();
        assert!(tabs.open("a").is_none(), "one person cannot take all the room");
        assert!(tabs.open("b").is_some());
        tabs.notify("a");
        assert_eq!(first.wait().await, Woken::ToLook);
        drop(more);
        tabs.close();
        assert_eq!(first.wait().await, Woken::ToClose);
        assert!(tabs.open("c").is_none());
        drop(first);
        let people = tabs.people.lock().unwrap();
        assert_eq!((people.count, people.open.len()), (0, 0));
    }
}
