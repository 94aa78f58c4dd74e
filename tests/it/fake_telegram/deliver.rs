//! The webhook side of the server: each queue in order, again and again until it is taken.
//!
//! As the real server does it: messages of a chat are one queue, taps of a person another; an answer that is no success
//! brings the update again; a call in the body of a success is made, and its result thrown away.

use std::time::Duration;

use serde_json::Value;

use super::Fake;

/// The pauses between attempts; the real ones begin at once and go up to two minutes.
const AGAIN: Duration = Duration::from_millis(20);

pub async fn run(fake: Fake) {
    // A connection for each update, so that a balancer has something to balance.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    loop {
        let changed = fake.changed.notified();
        while let Some((update, queue)) = next(&fake) {
            let (fake, client) = (fake.clone(), client.clone());
            tokio::spawn(async move { deliver(&fake, &client, update, queue).await });
        }
        changed.await;
    }
}

/// The next update whose queue is free.
fn next(fake: &Fake) -> Option<(Value, String)> {
    fake.with_quietly(|server| {
        let full = server.in_flight.len() >= usize::try_from(server.webhook_connections).unwrap_or(1);
        if server.down || full || server.webhook.is_none() {
            return None;
        }
        let free = server.updates.iter().find(|update| {
            !server.in_flight.contains(&update["update_id"].as_i64().unwrap()) && !server.busy.contains(&queue(update))
        });
        let update = free?.clone();
        server.in_flight.insert(update["update_id"].as_i64().unwrap());
        server.busy.insert(queue(&update));
        Some((update.clone(), queue(&update)))
    })
}

fn queue(update: &Value) -> String {
    match update.get("callback_query") {
        Some(callback) => format!("tap {}", callback["from"]["id"]),
        None => format!("chat {}", update["message"]["chat"]["id"]),
    }
}

async fn deliver(fake: &Fake, client: &reqwest::Client, update: Value, queue: String) {
    let id = update["update_id"].as_i64().unwrap();
    let mut gone = false;
    loop {
        let (latency, webhook) = fake.with_quietly(|server| (server.latency, server.webhook.clone()));
        let Some((url, secret)) = webhook else {
            // Whoever polls gets it.
            gone = true;
            break;
        };
        tokio::time::sleep(latency / 2).await;
        fake.with(|server| server.delivered += 1);
        let request = client.post(url).header("X-Telegram-Bot-Api-Secret-Token", secret);
        let response = request.header("Content-Type", "application/json").body(update.to_string()).send().await;
        let taken = match response {
            Ok(response) if response.status().is_success() => response.text().await.ok(),
            Ok(_) | Err(_) => None,
        };
        let lost = fake.with(|server| std::mem::take(&mut server.lose_confirmation));
        if let Some(body) = taken.filter(|_| !lost) {
            if let Ok(call) = serde_json::from_str::<Value>(&body) {
                fake.with(|server| {
                    let method = call["method"].as_str().unwrap_or("").to_lowercase();
                    let mut parameters = call.clone();
                    parameters.as_object_mut().unwrap().remove("method");
                    let _ = server.answer(&method, &parameters);
                    server.rides.push(call);
                });
            }
            break;
        }
        tokio::time::sleep(AGAIN).await;
    }
    fake.with(|server| {
        if !gone {
            server.updates.retain(|update| update["update_id"].as_i64() != Some(id));
        }
        server.in_flight.remove(&id);
        server.busy.remove(&queue);
    });
}
