//! The bot's profile: commands, name, descriptions and menu button, in every language, set where they differ.

use super::api::{
    Bot, BotCommand, CallError, GetChatMenuButton, GetMyCommands, GetMyDescription, GetMyName, GetMyShortDescription,
    MenuButton, Scope, SetChatMenuButton, SetMyCommands, SetMyDescription, SetMyName, SetMyShortDescription, call,
};
use crate::dialogues::Dialogue;
use crate::dialogues::words::COMMANDS;

/// Makes Telegram show what `dialogues/` says. Reads first: setting is rationed far harder than asking.
pub async fn publish(bot: &Bot, dialogue: &Dialogue) -> Result<(), CallError> {
    // Bot API: a two-letter code, or none for everybody else.
    let code = |language: &str| language.split('-').next().unwrap_or(language).to_owned();
    let graph = &dialogue.graph;
    let everybody_else = (None, graph.fallback.as_str());
    let each = graph.languages.iter().map(|language| (Some(code(language)), language.as_str()));
    for (language_code, language) in each.chain([everybody_else]) {
        let text = |key: &str| dialogue.texts.get(language, key).to_owned();
        let command =
            |name: &&str| BotCommand { command: (*name).to_owned(), description: text(&format!("cmd-{name}")) };
        for (scope, names) in [(Scope::AllPrivateChats, &COMMANDS[..]), (Scope::AllGroupChats, &COMMANDS[..1])] {
            let commands: Vec<BotCommand> = names.iter().map(command).collect();
            let language_code = language_code.clone();
            if call(bot, GetMyCommands { scope, language_code: language_code.clone() }).await? != commands {
                call(bot, SetMyCommands { commands, scope, language_code }).await?;
            }
        }
        let (name, language_code) = (text("profile-name"), language_code);
        if call(bot, GetMyName { language_code: language_code.clone() }).await?.name != name {
            call(bot, SetMyName { name, language_code: language_code.clone() }).await?;
        }
        let description = text("profile-description");
        if call(bot, GetMyDescription { language_code: language_code.clone() }).await?.description != description {
            call(bot, SetMyDescription { description, language_code: language_code.clone() }).await?;
        }
        let short_description = text("profile-short");
        let there = call(bot, GetMyShortDescription { language_code: language_code.clone() }).await?;
        if there.short_description != short_description {
            call(bot, SetMyShortDescription { short_description, language_code }).await?;
        }
    }
    let menu_button = MenuButton { kind: "commands".into() };
    if call(bot, GetChatMenuButton {}).await? != menu_button {
        call(bot, SetChatMenuButton { menu_button }).await?;
    }
    Ok(())
}
