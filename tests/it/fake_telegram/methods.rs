//! What the server does with each call, and what it refuses.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Buttons, Fault, Message, Refusal, Server, refuse};

impl Server {
    pub(super) fn violate(&mut self, method: &str, what: impl std::fmt::Display) {
        self.violations.push(format!("{method}: {what}"));
    }

    fn only(&mut self, method: &str, body: &Value, known: &[&str]) {
        for key in body.as_object().into_iter().flat_map(|body| body.keys()) {
            if !known.contains(&key.as_str()) {
                self.violate(method, format!("unknown parameter {key}"));
            }
        }
    }

    pub(super) fn answer(&mut self, method: &str, body: &Value) -> Answer {
        match method {
            "getme" => {
                Ok(json!({"id": 4_242_424_242i64, "is_bot": true, "first_name": "simoff", "username": "simoff_bot"}))
            }
            "getmycommands" => Ok(self.commands.get(&scoped(body)).cloned().unwrap_or(json!([]))),
            "getmyname" | "getmydescription" | "getmyshortdescription" => {
                let field = profile_field(method);
                let text = self.profile.get(&(field, code(body))).cloned().unwrap_or_default();
                Ok(json!({field: text}))
            }
            "setmyname" | "setmydescription" | "setmyshortdescription" => self.set_profile(method, body),
            "getchatmenubutton" => Ok(json!({"type": self.menu.clone().unwrap_or("default".into())})),
            "setchatmenubutton" => {
                self.menu = body["menu_button"]["type"].as_str().map(str::to_owned);
                Ok(json!(true))
            }
            "getwebhookinfo" => {
                let url = self.webhook.as_ref().map_or("", |(url, _)| url);
                let mut info =
                    json!({"url": url, "has_custom_certificate": false, "pending_update_count": self.updates.len()});
                if !url.is_empty() {
                    info["max_connections"] = json!(self.webhook_connections);
                    info["allowed_updates"] = self.webhook_updates.as_array().map_or(json!([]), |list| json!(list));
                }
                Ok(info)
            }
            "setwebhook" => self.set_webhook(body),
            "deletewebhook" => {
                if body["drop_pending_updates"].as_bool() == Some(true) {
                    self.violate("deletewebhook", "drops what people said");
                }
                self.webhook = None;
                Ok(json!(true))
            }
            "setmycommands" => self.set_commands(body),
            "sendmessage" => self.send(body),
            "editmessagetext" => self.edit(body),
            "answercallbackquery" => self.answer_callback(body),
            "senddocument" => self.document(body),
            other => {
                self.violate(other, "no such method here");
                refuse(404, "Not Found")
            }
        }
    }

    fn set_webhook(&mut self, body: &Value) -> Answer {
        self.only("setwebhook", body, &["url", "secret_token", "max_connections", "allowed_updates"]);
        let (url, secret) = (body["url"].as_str().unwrap_or(""), body["secret_token"].as_str().unwrap_or(""));
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=256).contains(&secret.len()) || !secret.bytes().all(is_known) {
            return refuse(400, "Bad Request: secret token contains unallowed characters");
        }
        self.webhook = Some((url.to_owned(), secret.to_owned()));
        self.webhook_connections = body["max_connections"].as_u64().unwrap_or(40);
        self.webhook_updates = body["allowed_updates"].clone();
        Ok(json!(true))
    }

    fn set_profile(&mut self, method: &str, body: &Value) -> Answer {
        let field = profile_field(method);
        self.only(method, body, &[field, "language_code"]);
        let text = body[field].as_str().unwrap_or("").to_owned();
        let most = match field {
            "name" => 64,
            "short_description" => 120,
            _ => 512,
        };
        if text.chars().count() > most {
            self.violate(method, format!("{} characters", text.chars().count()));
            return refuse(400, "Bad Request: too long");
        }
        self.profile.insert((field, code(body)), text);
        Ok(json!(true))
    }

    fn set_commands(&mut self, body: &Value) -> Answer {
        self.only("setmycommands", body, &["commands", "scope", "language_code"]);
        let code = code(body);
        if !code.is_empty() && (code.len() != 2 || !code.bytes().all(|letter| letter.is_ascii_lowercase())) {
            self.violate("setmycommands", format!("language code {code}"));
            return refuse(400, "Bad Request: invalid language code specified");
        }
        let commands = body["commands"].as_array().cloned().unwrap_or_default();
        for command in &commands {
            let (name, description) =
                (command["command"].as_str().unwrap_or(""), command["description"].as_str().unwrap_or(""));
            let letters = name.bytes().all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            if !letters || !(1..=32).contains(&name.len()) || !(1..=256).contains(&description.chars().count()) {
                self.violate("setmycommands", format!("command {command}"));
                return refuse(400, "Bad Request: BOT_COMMAND_INVALID");
            }
        }
        if commands.len() > 100 {
            self.violate("setmycommands", "more than 100 commands");
        }
        self.commands.insert(scoped(body), json!(commands));
        Ok(json!(true))
    }

    /// The text with entities parsed and the buttons, or why Telegram refuses them.
    fn content(&mut self, method: &str, body: &Value) -> Result<(String, Buttons), Refusal> {
        let raw = body["text"].as_str().unwrap_or("");
        let text = match body["parse_mode"].as_str() {
            None => raw.to_owned(),
            Some("HTML") => match parse_html(raw) {
                Ok(text) => text,
                Err(why) => {
                    self.violate(method, format!("{why} in {raw:?}"));
                    return Err((400, format!("Bad Request: can't parse entities: {why}"), Value::Null));
                }
            },
            Some(other) => {
                self.violate(method, format!("parse mode {other}"));
                return Err((400, "Bad Request: unsupported parse_mode".into(), Value::Null));
            }
        };
        let units = text.encode_utf16().count();
        if text.trim().is_empty() || units > 4096 {
            self.violate(method, format!("{units} units of text"));
            return Err((400, "Bad Request: message is too long".into(), Value::Null));
        }
        let mut buttons = Vec::new();
        for button in body["reply_markup"]["inline_keyboard"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|row| row.as_array().cloned().unwrap_or_default())
        {
            let label = button["text"].as_str().unwrap_or("");
            let (data, url) = (button["callback_data"].as_str().unwrap_or(""), button["url"].as_str());
            if let Some(url) = url.filter(|url| url.starts_with("https://") && data.is_empty()) {
                buttons.push((label.to_owned(), url.to_owned()));
                continue;
            }
            if label.is_empty() || !(1..=64).contains(&data.len()) {
                self.violate(method, format!("button {button}"));
                return Err((400, "Bad Request: BUTTON_DATA_INVALID".into(), Value::Null));
            }
            buttons.push((label.to_owned(), data.to_owned()));
        }
        if buttons.len() > 100 {
            self.violate(method, "more than 100 buttons");
        }
        Ok((text, buttons))
    }

    /// With which code the next call of a method is answered with nonsense, if it is.
    pub(super) fn next_is_nonsense(&mut self, method: &str) -> Option<StatusCode> {
        let faults = self.faults.entry(method.to_owned()).or_default();
        let code = match faults.front()? {
            Fault::Nonsense => StatusCode::OK,
            Fault::BadGateway => StatusCode::BAD_GATEWAY,
            _ => return None,
        };
        faults.pop_front();
        self.calls.push(method.to_owned());
        Some(code)
    }

    /// Something has changed in a chat.
    fn ring(&mut self, chat: i64) {
        *self.revision.entry(chat).or_default() += 1;
        self.bells.entry(chat).or_default().notify_waiters();
    }

    /// More than thirty messages in a second over all chats are too many; so are more than five in a second or 65 in a
    /// minute to one person, and more than twenty in a minute to a group. An edit is a quarter of a message.
    fn paced(&mut self, method: &str, chat: i64, weight: usize) -> Result<(), Refusal> {
        const PER_SECOND: usize = 30;
        if self.generous {
            return Ok(());
        }
        let now = Instant::now();
        self.taken.retain(|at| now.duration_since(*at) < Duration::from_secs(1));
        let own = self.taken_by_chat.entry(chat).or_default();
        own.retain(|(at, _)| now.duration_since(*at) < Duration::from_secs(60));
        let quarters = |span: u64| {
            let within = |(at, _): &&(Instant, usize)| now.duration_since(*at) < Duration::from_secs(span);
            own.iter().filter(within).map(|(_, weight)| weight).sum::<usize>() + weight
        };
        let limits = if chat < 0 { [(60, 20), (60, 20)] } else { [(1, 5), (60, 65)] };
        let too_many = limits.iter().find(|(span, most)| quarters(*span) > most * 4);
        if let Some((span, most)) = too_many {
            self.violate(method, format!("more than {most} messages in {span} s to chat {chat}"));
            return Err((429, "Too Many Requests: retry after 1".into(), json!({"retry_after": 1})));
        }
        if self.taken.len() >= PER_SECOND {
            self.violate(method, "more than thirty messages in a second");
            return Err((429, "Too Many Requests: retry after 1".into(), json!({"retry_after": 1})));
        }
        self.taken.push_back(now);
        own.push_back((now, weight));
        Ok(())
    }

    fn document(&mut self, body: &Value) -> Answer {
        let form = body["form"].as_str().unwrap_or("");
        let field = |name: &str| {
            let part = form.split("--").find_map(|_| form.split_once(&format!("name=\"{name}\"")))?.1;
            let (head, content) = part.split_once("\r\n\r\n")?;
            let end = content.find("\r\n--").unwrap_or(content.len());
            Some((head.to_owned(), content[..end].to_owned()))
        };
        let chat = field("chat_id").and_then(|(_, id)| id.trim().parse().ok()).unwrap_or(0);
        self.paced("senddocument", chat, 4)?;
        let Some(at) = form.find("filename=\"") else {
            self.violate("senddocument", "no file");
            return refuse(400, "Bad Request: there is no document in the request");
        };
        let rest = &form[at + "filename=\"".len()..];
        let (name, rest) = rest.split_once('"').unwrap_or((rest, ""));
        let content = rest.split_once("\r\n\r\n").map_or("", |(_, content)| content);
        let content = content.split("\r\n--").next().unwrap_or("");
        self.documents.push((chat, name.to_owned(), content.to_owned()));
        self.next_message += 1;
        self.ring(chat);
        Ok(
            json!({"message_id": self.next_message, "date": 1_790_000_000, "chat": {"id": chat, "type": "private", "first_name": "P"}}),
        )
    }

    fn send(&mut self, body: &Value) -> Answer {
        let known = ["chat_id", "text", "parse_mode", "link_preview_options", "reply_markup", "allow_paid_broadcast"];
        self.only("sendmessage", body, &known);
        let chat = body["chat_id"].as_i64().unwrap_or(0);
        if !self.chats.contains_key(&chat) {
            self.violate("sendmessage", "to somebody who never wrote");
            return refuse(403, "Forbidden: bot can't initiate conversation with a user");
        }
        let (text, buttons) = self.content("sendmessage", body)?;
        self.paced("sendmessage", chat, 4)?;
        self.next_message += 1;
        let message = Message { id: self.next_message, sent: text.clone(), text, buttons, edits: 0 };
        self.chats.get_mut(&chat).unwrap().push(message);
        self.ring(chat);
        Ok(json!({"message_id": self.next_message, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}}))
    }

    fn edit(&mut self, body: &Value) -> Answer {
        self.only(
            "editmessagetext",
            body,
            &["chat_id", "message_id", "text", "parse_mode", "link_preview_options", "reply_markup"],
        );
        let (chat, id) = (body["chat_id"].as_i64().unwrap_or(0), body["message_id"].as_i64().unwrap_or(0));
        let (text, buttons) = self.content("editmessagetext", body)?;
        self.paced("editmessagetext", chat, 1)?;
        let Some(message) =
            self.chats.get_mut(&chat).and_then(|messages| messages.iter_mut().find(|message| message.id == id))
        else {
            return refuse(400, "Bad Request: message to edit not found");
        };
        if (&message.text, &message.buttons) == (&text, &buttons) {
            // The person's button still stops spinning; for a test this counts as an answer.
            self.ring(chat);
            return refuse(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
            );
        }
        *message = Message { id, text, buttons, sent: std::mem::take(&mut message.sent), edits: message.edits + 1 };
        self.ring(chat);
        Ok(json!({"message_id": id, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}}))
    }

    fn answer_callback(&mut self, body: &Value) -> Answer {
        self.only("answercallbackquery", body, &["callback_query_id", "text", "show_alert", "url", "cache_time"]);
        let id = body["callback_query_id"].as_str().unwrap_or("").to_owned();
        if !self.open_callbacks.remove(&id) {
            if !self.answered_callbacks.contains_key(&id) {
                self.violate("answercallbackquery", format!("unknown query {id}"));
            }
            return refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
        }
        let text = body["text"].as_str().map(str::to_owned);
        if text.as_ref().is_some_and(|text| text.chars().count() > 200) {
            self.violate("answercallbackquery", "more than 200 characters");
        }
        self.answered_callbacks.insert(id, text);
        Ok(json!(true))
    }
}

/// Telegram's HTML: a few tags, balanced, and four entities.
fn parse_html(html: &str) -> Result<String, String> {
    let (mut text, mut open, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find(['<', '&', '>']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(entity) = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')]
            .iter()
            .find(|(entity, _)| rest.starts_with(entity))
        {
            text.push(entity.1);
            rest = &rest[entity.0.len()..];
            continue;
        }
        if !rest.starts_with('<') {
            return Err(format!("bare {:?}", &rest[..1]));
        }
        let end = rest.find('>').ok_or("unclosed start tag")?;
        let tag = &rest[1..end];
        match tag.strip_prefix('/') {
            Some(name) if open.last() == Some(&name) => {
                open.pop();
            }
            Some(name) => return Err(format!("unexpected end tag {name}")),
            None if ["b", "i", "u", "s", "code", "pre", "strong", "em"].contains(&tag) => open.push(tag),
            None => return Err(format!("unsupported start tag {tag:?}")),
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    if open.is_empty() { Ok(text) } else { Err(format!("unclosed {open:?}")) }
}

/// The language code of a call; empty for everybody else.
fn code(body: &Value) -> String {
    body["language_code"].as_str().unwrap_or("").to_owned()
}

/// Scope and language of commands; private chats are the plain case.
fn scoped(body: &Value) -> String {
    match body["scope"]["type"].as_str() {
        Some("all_private_chats") => code(body),
        other => format!("{} {}", other.unwrap_or("default"), code(body)),
    }
}

/// The field that a call of the profile gets or sets.
fn profile_field(method: &str) -> &'static str {
    match &method[3..] {
        "myname" => "name",
        "mydescription" => "description",
        _ => "short_description",
    }
}
