//! A stock teloxide bot: `/start`, then six questions with buttons. Each tap edits the message in place and answers the callback
//! query; where somebody stands is kept by `SqliteStorage`. Written as the library's own examples are.
//!
//! Settings: TELOXIDE_TOKEN, TELOXIDE_API_URL, BASELINE_DATABASE; BASELINE_WEBHOOK (address to be called at) and BASELINE_LISTEN for webhook mode.

use std::env::var;

use teloxide::dispatching::UpdateHandler;
use teloxide::dispatching::dialogue::SqliteStorage;
use teloxide::dispatching::dialogue::serializer::Json;
use teloxide::prelude::*;
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup, ParseMode};
use teloxide::update_listeners::webhooks;

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Talk = Dialogue<State, SqliteStorage<Json>>;

/// Where somebody stands, and what they have answered so far.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct State {
    answers: Vec<String>,
}

/// The questions: as long as those of simoff, with as many buttons.
const QUESTIONS: [(&str, &[&str]); 6] = [
    ("Which operator is this SIM from?", &["azercell", "bakcell", "nar", "caspian_mobile", "unsure"]),
    ("In whose name is the SIM registered?", &["me", "reachable", "unreachable", "unsure"]),
    ("What state is the SIM in?", &["kept", "suspended", "in_arrears", "unsure"]),
    ("What about the balance?", &["settled", "credit", "unsure"]),
    ("Is a package or another service tied to the SIM?", &["plain", "bundled", "unsure"]),
    ("Which kind of SIM do you have?", &["card", "esim", "lost"]),
];

fn screen(state: &State) -> (String, InlineKeyboardMarkup) {
    let number = state.answers.len();
    let Some((question, options)) = QUESTIONS.get(number) else {
        let done = InlineKeyboardButton::callback("Start over", "again");
        return (format!("<b>Your plan</b>\n{}", state.answers.join("\n")), InlineKeyboardMarkup::new([[done]]));
    };
    let rows = options.iter().map(|option| [InlineKeyboardButton::callback(*option, format!("a:{number}:{option}"))]);
    (
        format!("<i>Question {} of {}</i>\n\n<b>{question}</b>", number + 1, QUESTIONS.len()),
        InlineKeyboardMarkup::new(rows),
    )
}

async fn start(bot: Bot, talk: Talk, message: Message) -> Result<(), Failure> {
    let state = State::default();
    let (text, keyboard) = screen(&state);
    talk.update(state).await?;
    bot.send_message(message.chat.id, text).parse_mode(ParseMode::Html).reply_markup(keyboard).await?;
    Ok(())
}

async fn tap(bot: Bot, talk: Talk, query: CallbackQuery) -> Result<(), Failure> {
    let mut state = talk.get_or_default().await?;
    if let Some(answer) = query.data.as_deref().and_then(|data| data.rsplit(':').next()) {
        state.answers.push(answer.to_owned());
    }
    let (text, keyboard) = screen(&state);
    talk.update(state).await?;
    bot.answer_callback_query(query.id.clone()).await?;
    if let Some(message) = query.regular_message() {
        bot.edit_message_text(message.chat.id, message.id, text)
            .parse_mode(ParseMode::Html)
            .reply_markup(keyboard)
            .await?;
    }
    Ok(())
}

fn handlers() -> UpdateHandler<Failure> {
    dptree::entry()
        .enter_dialogue::<Update, SqliteStorage<Json>, State>()
        .branch(Update::filter_message().endpoint(start))
        .branch(Update::filter_callback_query().endpoint(tap))
}

#[tokio::main]
async fn main() {
    let url = var("TELOXIDE_API_URL").expect("TELOXIDE_API_URL").parse().expect("an address");
    let bot = Bot::from_env().set_api_url(url);
    let storage = SqliteStorage::open(&var("BASELINE_DATABASE").expect("BASELINE_DATABASE"), Json).await.expect("a database");
    let mut dispatcher = Dispatcher::builder(bot.clone(), handlers()).dependencies(dptree::deps![storage]).build();
    match (var("BASELINE_WEBHOOK"), var("BASELINE_LISTEN")) {
        (Ok(webhook), Ok(listen)) => {
            let options =
                webhooks::Options::new(listen.parse().expect("an address"), webhook.parse().expect("an address"));
            let listener = webhooks::axum(bot, options).await.expect("a webhook");
            dispatcher.dispatch_with_listener(listener, LoggingErrorHandler::with_custom_text("update listener")).await;
        }
        _ => dispatcher.dispatch().await,
    }
}
