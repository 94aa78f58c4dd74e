//! What an answer of the Bot API means for the message: a refusal may name the message, the chat, or the bot itself.

use super::api::CallError;
use super::breaker::Breaker;

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// The message to edit is gone.
    SendNew,
    /// Our markup is not theirs.
    SendPlain,
    /// The group is a supergroup now, under this number.
    Migrated(i64),
    /// Flood control: seconds to wait.
    Wait(u64),
    /// The connection or the server fails.
    Retry,
    /// The bot itself is refused.
    BotRefused,
    /// The person blocked the bot, or is no more; the group is gone, or has removed it.
    ChatUnreachable,
    /// This message can never be sent.
    MessageRefused,
    /// A refusal that we know nothing of.
    Unknown,
}

impl Outcome {
    /// Its name in the metrics.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Delivered => "arrived",
            Outcome::SendNew => "gone",
            Outcome::SendPlain => "markup",
            Outcome::Migrated(_) => "migrated",
            Outcome::Wait(_) => "too_many_requests",
            Outcome::Retry => "failed",
            Outcome::BotRefused => "bot_refused",
            Outcome::ChatUnreachable => "unreachable",
            Outcome::MessageRefused => "refused",
            Outcome::Unknown => "unknown",
        }
    }
}

/// Refusals that name the chat: nothing can be sent to it. In lower case, as all descriptions here.
const CHAT_REFUSALS: [&str; 8] = [
    "bot was blocked by the user",
    "user is deactivated",
    "chat not found",
    "bot can't initiate conversation",
    "bot can't send messages to bots",
    "bot was kicked",
    "bot is not a member",
    "the group chat was deleted",
];

/// Refusals that name the message to edit, which is gone or was never ours to edit.
const EDIT_REFUSALS: [&str; 4] = [
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
];

/// Refusals that name the message to send.
const MESSAGE_REFUSALS: [&str; 7] = [
    "message is too long",
    "message_too_long",
    "message text is empty",
    "button_data_invalid",
    "button_url_invalid",
    "file is too big",
    "request entity too large",
];

/// Telegram changes the case and the wording of its descriptions, and one code stands for much; so a part of the description
/// decides. What ends a message names the chat or the message; everything else keeps it.
pub fn classify(error: &CallError) -> Outcome {
    let CallError::Refused { code, description, retry_after, migrate_to } = error else {
        return Outcome::Retry;
    };
    let text = description.to_lowercase();
    let says = |part: &&str| text.contains(part);
    match code {
        429 => Outcome::Wait(retry_after.unwrap_or(1).max(1)),
        _ if migrate_to.is_some() => Outcome::Migrated(migrate_to.unwrap_or_default()),
        _ if says(&"message is not modified") => Outcome::Delivered,
        _ if EDIT_REFUSALS.iter().any(says) => Outcome::SendNew,
        _ if says(&"can't parse entities") => Outcome::SendPlain,
        _ if CHAT_REFUSALS.iter().any(says) => Outcome::ChatUnreachable,
        _ if MESSAGE_REFUSALS.iter().any(says) => Outcome::MessageRefused,
        _ if Breaker::concerns(error) => Outcome::BotRefused,
        _ => Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart() {
        let refused = |code, description: &str| CallError::Refused {
            code,
            description: description.into(),
            retry_after: None,
            migrate_to: None,
        };
        let wait = |seconds| CallError::Refused {
            code: 429,
            description: "Too Many Requests".into(),
            retry_after: Some(seconds),
            migrate_to: None,
        };
        for (error, expect) in [
            (
                refused(400, "Bad Request: message is not modified: specified new message content is the same"),
                Outcome::Delivered,
            ),
            (refused(400, "Bad Request: message to edit not found"), Outcome::SendNew),
            (refused(400, "Bad Request: MESSAGE_ID_INVALID"), Outcome::SendNew),
            (refused(400, "Bad Request: can't parse entities: unsupported start tag"), Outcome::SendPlain),
            (refused(403, "Forbidden: bot was blocked by the user"), Outcome::ChatUnreachable),
            (refused(403, "Forbidden: user is deactivated"), Outcome::ChatUnreachable),
            (refused(400, "Bad Request: chat not found"), Outcome::ChatUnreachable),
            (refused(400, "Bad Request: message is too long"), Outcome::MessageRefused),
            (refused(400, "Bad Request: BUTTON_DATA_INVALID"), Outcome::MessageRefused),
            (refused(413, "Request Entity Too Large"), Outcome::MessageRefused),
            (refused(401, "Unauthorized"), Outcome::BotRefused),
            (refused(404, "Not Found"), Outcome::BotRefused),
            (refused(409, "Conflict: terminated by other getUpdates request"), Outcome::BotRefused),
            (refused(400, "Bad Request: not enough rights to send text messages to the chat"), Outcome::Unknown),
            (refused(403, "Forbidden: something new"), Outcome::Unknown),
            (refused(418, ""), Outcome::Unknown),
            (wait(7), Outcome::Wait(7)),
            (wait(0), Outcome::Wait(1)),
        ] {
            assert_eq!(classify(&error), expect, "{error:?}");
        }
        let migrated = CallError::Refused {
            code: 400,
            description: "Bad Request: group chat was upgraded to a supergroup chat".into(),
            retry_after: None,
            migrate_to: Some(-100),
        };
        assert_eq!(classify(&migrated), Outcome::Migrated(-100));
        for error in [CallError::Broken, CallError::Silent, CallError::Unreachable] {
            assert_eq!(classify(&error), Outcome::Retry);
        }
    }
}
