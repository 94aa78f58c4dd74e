//! The connections of one listener: how many there are, whose they are, and which make way for others.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;

use super::Network;

/// The most connections that were told to close and have not done so yet. They hold their descriptors, so new ones wait
/// for them beyond this number.
const MAX_CLOSING: usize = 16;

/// One network holds at most one connection in so many. A half is enough for an office or a local Bot API server without
/// a trusted proxy, and leaves a half to everybody else.
const NETWORK_SHARE: usize = 2;

/// All of them.
#[derive(Debug)]
pub struct Connections {
    capacity: usize,
    state: Mutex<State>,
    /// A connection that was told to close has done so.
    closed: Notify,
}

#[derive(Debug, Default)]
struct State {
    open: HashMap<u64, Open>,
    /// How many of each network are open.
    networks: HashMap<Network, usize>,
    /// Those without a request in flight, in the order in which they became idle.
    idle: BTreeMap<u64, u64>,
    /// Numbers for connections and for places among the idle.
    next: u64,
    /// How many were told to close, and still hold their descriptor.
    closing: usize,
}

#[derive(Debug)]
struct Open {
    network: Option<Network>,
    /// The place among the idle; `None`: a request is in flight.
    place: Option<u64>,
    close: Arc<Notify>,
}

/// One of them, until it is dropped. It begins as an idle one.
#[derive(Debug)]
pub struct Connection {
    connections: Arc<Connections>,
    number: u64,
    close: Arc<Notify>,
}

impl Connections {
    /// Room for so many.
    pub fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self { capacity, state: Mutex::default(), closed: Notify::new() })
    }

    /// Takes one more in. Where there is no room, the one that has been idle for longest makes way: one of the same
    /// network, where that network has its share. `None`: all have a request in flight. `network`: `None` is not counted.
    pub async fn admit(self: &Arc<Self>, network: Option<Network>) -> Option<Connection> {
        loop {
            {
                let mut state = self.lock();
                if state.closing < MAX_CLOSING {
                    return self.admit_now(&mut state, network);
                }
            }
            self.closed.notified().await;
        }
    }

    fn admit_now(self: &Arc<Self>, state: &mut State, network: Option<Network>) -> Option<Connection> {
        let own = network.as_ref().map_or(0, |network| state.networks.get(network).copied().unwrap_or(0));
        if own >= self.capacity.div_ceil(NETWORK_SHARE) {
            state.close_oldest_idle(network.as_ref()).then_some(())?;
        } else if state.open.len() >= self.capacity {
            state.close_oldest_idle(None).then_some(())?;
        }
        let (number, close) = (state.number(), Arc::new(Notify::new()));
        if let Some(network) = &network {
            *state.networks.entry(network.clone()).or_default() += 1;
        }
        state.open.insert(number, Open { network, place: None, close: close.clone() });
        state.set_idle(number);
        Some(Connection { connections: self.clone(), number, close })
    }

    /// Closes the one that has been idle for longest, and completes when one has closed; where none is idle, never.
    pub async fn make_room(&self) {
        if !self.lock().close_oldest_idle(None) {
            std::future::pending::<()>().await;
        }
        self.closed.notified().await;
    }

    /// Closes all that have no request in flight.
    pub fn close_all_idle(&self) {
        let mut state = self.lock();
        while state.close_oldest_idle(None) {}
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the lock is not poisoned")
    }
}

impl State {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Tells the one that has been idle for longest to close, of a network or of all; whether there was one. It counts as
    /// closed from now on.
    fn close_oldest_idle(&mut self, network: Option<&Network>) -> bool {
        let of_network = |number: &u64| {
            network.is_none() || self.open.get(number).is_some_and(|open| open.network.as_ref() == network)
        };
        let Some(number) = self.idle.values().find(|number| of_network(number)).copied() else { return false };
        if let Some(open) = self.remove(number) {
            open.close.notify_one();
            self.closing += 1;
        }
        true
    }

    fn remove(&mut self, number: u64) -> Option<Open> {
        let open = self.open.remove(&number)?;
        if let Some(place) = open.place {
            self.idle.remove(&place);
        }
        if let Some(network) = &open.network
            && let Some(count) = self.networks.get_mut(network)
        {
            *count -= 1;
            if *count == 0 {
                self.networks.remove(network);
            }
        }
        Some(open)
    }

    fn set_busy(&mut self, number: u64) {
        if let Some(place) = self.open.get_mut(&number).and_then(|open| open.place.take()) {
            self.idle.remove(&place);
        }
    }

    fn set_idle(&mut self, number: u64) {
        self.set_busy(number);
        let place = self.number();
        if let Some(open) = self.open.get_mut(&number) {
            open.place = Some(place);
            self.idle.insert(place, number);
        }
    }
}

impl Connection {
    /// A request is in flight: the connection makes way for nobody.
    pub fn set_busy(&self) {
        self.connections.lock().set_busy(self.number);
    }

    /// No request is in flight.
    pub fn set_idle(&self) {
        self.connections.lock().set_idle(self.number);
    }

    /// Completes when it is to close.
    pub async fn to_close(&self) {
        self.close.notified().await;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut state = self.connections.lock();
        if state.remove(self.number).is_none() {
            state.closing -= 1;
            self.connections.closed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn network(last: u8) -> Option<Network> {
        Some(Network::V4([198, 51, 100, last]))
    }

    fn admit(connections: &Arc<Connections>, network: Option<Network>) -> Option<Connection> {
        connections.admit(network).now_or_never().expect("it does not wait")
    }

    fn is_to_close(connection: &Connection) -> bool {
        connection.to_close().now_or_never().is_some()
    }

    #[test]
    fn the_connection_that_is_idle_for_longest_makes_way() {
        let connections = Connections::new(3);
        let all: Vec<Connection> = (0..3).map(|_| admit(&connections, None).unwrap()).collect();
        all[0].set_busy();
        // It has been used, so it is not the oldest any more.
        all[1].set_busy();
        all[1].set_idle();
        let newest = admit(&connections, None).unwrap();
        assert!(!is_to_close(&all[0]) && !is_to_close(&all[1]) && is_to_close(&all[2]));
        // What was told to close stays so.
        all[2].set_idle();
        all[1].set_busy();
        newest.set_busy();
        assert!(admit(&connections, None).is_none(), "all have a request in flight");
        drop(all);
        assert!(admit(&connections, None).is_some());
        drop(newest);
        let state = connections.lock();
        assert_eq!((state.open.len(), state.idle.len(), state.closing), (0, 0, 0));
    }

    #[test]
    fn one_network_has_its_share_and_makes_way_for_itself() {
        let connections = Connections::new(4);
        let (other, own) = (admit(&connections, network(1)).unwrap(), network(2));
        let (first, second) = (admit(&connections, own.clone()).unwrap(), admit(&connections, own.clone()).unwrap());
        let third = admit(&connections, own.clone()).unwrap();
        assert!(is_to_close(&first) && !is_to_close(&other));
        second.set_busy();
        third.set_busy();
        assert!(admit(&connections, own).is_none(), "it has its share in flight");
        assert!(admit(&connections, network(3)).is_some());
        drop((first, second, third, other));
        assert!(connections.lock().networks.is_empty());
    }

    #[tokio::test]
    async fn connections_that_have_not_closed_yet_are_waited_for() {
        let connections = Connections::new(1);
        let mut closing = Vec::new();
        for _ in 0..=MAX_CLOSING {
            closing.push(admit(&connections, None).unwrap());
        }
        assert_eq!(connections.lock().closing, MAX_CLOSING);
        assert!(connections.admit(None).now_or_never().is_none());
        closing.remove(0);
        assert!(connections.admit(None).await.is_some());
    }
}
