//! Fluent files: id and arguments to text, per language.
//!
//! Texts are Telegram HTML (`<b>`, `<i>`, `<code>`); what is put into them is escaped on the way in. A text that quotes
//! only facts is resolved once, when it is loaded; only a text with arguments of the moment is formatted each time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast;

use super::facts::Facts;
use super::{Problem, Source};

/// A phrase that every dialogue shares, from `common.<language>.ftl`. The key is the name in kebab case.
macro_rules! phrases {
    ($($name:ident = $key:literal),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Phrase { $($name),+ }

        impl Phrase {
            /// Every phrase there is.
            pub const ALL: &'static [Phrase] = &[$(Phrase::$name),+];

            /// Its key in the common files.
            pub fn key(self) -> &'static str {
                match self { $(Phrase::$name => $key),+ }
            }
        }
    };
}

phrases! {
    LanguageName = "language-name",
    AskProgress = "ask-progress",
    AskManyHint = "ask-many-hint",
    AskUnasked = "ask-unasked",
    AskCurrent = "ask-current",
    NoteWelcomeBack = "note-welcome-back",
    NoteNoted = "note-noted",
    NoteChanged = "note-changed",
    NoteKept = "note-kept",
    NoteTicked = "note-ticked",
    NoteUnticked = "note-unticked",
    NoteTooEarly = "note-too-early",
    NoteNotUnderstood = "note-not-understood",
    NoteOutdated = "note-outdated",
    NoteSensitive = "note-sensitive",
    NoteUnsupportedPicture = "note-unsupported-picture",
    NoteUnsupportedVoice = "note-unsupported-voice",
    NoteUnsupportedOther = "note-unsupported-other",
    NoteSensitiveFile = "note-sensitive-file",
    NotePlanNotReady = "note-plan-not-ready",
    NoteForgotten = "note-forgotten",
    NoteStartedOver = "note-started-over",
    NoteStepGone = "note-step-gone",
    NoteLanguageSet = "note-language-set",
    NoteOurFault = "note-our-fault",
    ToastRetrying = "toast-retrying",
    NoteNothingOpen = "note-nothing-open",
    NoteUnknownCommand = "note-unknown-command",
    DidYouMean = "did-you-mean",
    NoneOfThese = "none-of-these",
    PlanTitle = "plan-title",
    PlanClosed = "plan-closed",
    PlanAllClosed = "plan-all-closed",
    PlanAllTicked = "plan-all-ticked",
    PlanProgress = "plan-progress",
    PlanNext = "plan-next",
    PlanPapers = "plan-papers",
    StepNumber = "step-number",
    StepNotYet = "step-not-yet",
    StepIrreversible = "step-irreversible",
    StepWhy = "step-why",
    StepPapers = "step-papers",
    StepContacts = "step-contacts",
    WhyBecause = "why-because",
    WhyAlways = "why-always",
    WhyChange = "why-change",
    ConfirmAsk = "confirm-ask",
    ConfirmLeaves = "confirm-leaves",
    ConfirmLeavesDone = "confirm-leaves-done",
    ConfirmComes = "confirm-comes",
    PapersTitle = "papers-title",
    PapersMaybe = "papers-maybe",
    PapersNone = "papers-none",
    PapersHint = "papers-hint",
    ContactsTitle = "contacts-title",
    TopicsTitle = "topics-title",
    AnswersTitle = "answers-title",
    AnswersNone = "answers-none",
    AnswersHint = "answers-hint",
    LanguagesTitle = "languages-title",
    ForgetAsk = "forget-ask",
    Help = "help",
    BtnPlan = "btn-plan",
    BtnPapers = "btn-papers",
    BtnHotline = "btn-hotline",
    BtnTopics = "btn-topics",
    BtnAnswers = "btn-answers",
    BtnBack = "btn-back",
    BtnDone = "btn-done",
    BtnUndo = "btn-undo",
    BtnNext = "btn-next",
    BtnWhy = "btn-why",
    BtnKnow = "btn-know",
    BtnFinish = "btn-finish",
    BtnApply = "btn-apply",
    BtnKeep = "btn-keep",
    BtnStartOver = "btn-start-over",
    BtnForgetYes = "btn-forget-yes",
    BtnForgetNo = "btn-forget-no",
    BtnWhyAsked = "btn-why-asked",
    NoteReminderSet = "note-reminder-set",
    NoteReminderCancelled = "note-reminder-cancelled",
    NoteReminderGone = "note-reminder-gone",
    NoteTooManyReminders = "note-too-many-reminders",
    NoteZoneSet = "note-zone-set",
    TroublePast = "trouble-past",
    TroubleNoSuchDay = "trouble-no-such-day",
    TroubleNoSuchTime = "trouble-no-such-time",
    TroubleTooFar = "trouble-too-far",
    TroubleAmbiguous = "trouble-ambiguous",
    RemindTitle = "remind-title",
    RemindAboutHotline = "remind-about-hotline",
    RemindAboutPapers = "remind-about-papers",
    WhenAsk = "when-ask",
    WhenHint = "when-hint",
    WhenEcho = "when-echo",
    WhenEchoBoth = "when-echo-both",
    ZonesTitle = "zones-title",
    ZonesConfirm = "zones-confirm",
    RemindersTitle = "reminders-title",
    RemindersNone = "reminders-none",
    RemindersHint = "reminders-hint",
    DueTitle = "due-title",
    DueLate = "due-late",
    DueHotline = "due-hotline",
    DuePapers = "due-papers",
    DueStep = "due-step",
    CalendarNote = "calendar-note",
    BtnRemind = "btn-remind",
    BtnReminders = "btn-reminders",
    BtnHour = "btn-hour",
    BtnEvening = "btn-evening",
    BtnTomorrow = "btn-tomorrow",
    BtnThreeDays = "btn-three-days",
    BtnMonday = "btn-monday",
    BtnChangeTime = "btn-change-time",
    BtnCancelReminder = "btn-cancel-reminder",
    BtnCalendar = "btn-calendar",
    BtnNotNeeded = "btn-not-needed",
    BtnZoneYes = "btn-zone-yes",
    BtnTimezone = "btn-timezone",
    TerminalFile = "terminal-file",
    SourcesTitle = "sources-title",
    SourcesNone = "sources-none",
    SourceOfficial = "source-official",
    SourceNews = "source-news",
    SourceThirdParty = "source-third-party",
    SourceStale = "source-stale",
    StaleNote = "stale-note",
    BtnSources = "btn-sources",
    StepCode = "step-code",
    NoteRestored = "note-restored",
    NoteCodeUnknown = "note-code-unknown",
    NoteCodeMisread = "note-code-misread",
    NoteTooManyCodes = "note-too-many-codes",
    NoteNothingToKeep = "note-nothing-to-keep",
    NoteContentChanged = "note-content-changed",
    NoteContentAsks = "note-content-asks",
    CodeTitle = "code-title",
    CodeHint = "code-hint",
    ExportNote = "export-note",
    BtnCode = "btn-code",
    GroupPrivate = "group-private",
    BtnGroup = "btn-group",
    AdminStats = "admin-stats",
    AdminNobody = "admin-nobody",
    AdminAnnounce = "admin-announce",
    AdminBegun = "admin-begun",
    AdminDone = "admin-done",
    BtnAnnounce = "btn-announce",
    CardTitle = "card-title",
    CardHint = "card-hint",
    CardOwn = "card-own",
    PackNote = "pack-note",
    PackMade = "pack-made",
    PackLetter = "pack-letter",
    PackLetterHint = "pack-letter-hint",
    PackSources = "pack-sources",
    BtnCard = "btn-card",
    BtnPack = "btn-pack",
    WebSkip = "web-skip",
    WebTalk = "web-talk",
    WebWrite = "web-write",
    WebExample = "web-example",
    WebSend = "web-send",
    WebMenu = "web-menu",
    WebYou = "web-you",
    WebFile = "web-file",
    WebNote = "web-note",
    WebOffline = "web-offline",
    WebTooFast = "web-too-fast",
    WebTrouble = "web-trouble",
    WebForeign = "web-foreign",
    WebLost = "web-lost",
    TerminalHint = "terminal-hint",
    TerminalReloaded = "terminal-reloaded",
}

/// Lists of words in the common files that understanding needs, separated by `|`.
pub const WORD_LISTS: [&str; 8] = [
    "words-yes",
    "words-no",
    "words-done",
    "words-negation",
    "words-question",
    "words-secret",
    WEEKDAY_NAMES,
    ZONE_GUESS,
];

/// The names of the weekdays as they are shown, Monday first.
pub const WEEKDAY_NAMES: &str = "weekday-names";

/// The time zone in which most who read a language live, by its IANA name: offered, never assumed.
pub const ZONE_GUESS: &str = "zone-guess";

/// The arguments a shared phrase may use.
pub const PHRASE_ARGUMENTS: [&str; 12] =
    ["name", "value", "list", "number", "total", "done", "date", "weekday", "time", "zone", "home", "other"];

/// One text as it stands in its file.
#[derive(Debug, Clone)]
pub struct TextEntry {
    pub file: String,
    pub span: Range<usize>,
    /// What it quotes: facts, or arguments of the moment.
    pub variables: BTreeSet<String>,
    /// Its literal parts, without what it quotes.
    pub literal: String,
    /// All of it as it was written, without the layout of the file.
    pub source: String,
    /// The text itself when it quotes nothing but facts.
    fixed: Option<String>,
}

/// The texts of one language.
pub struct Language {
    bundle: FluentBundle<FluentResource>,
    pub entries: BTreeMap<String, TextEntry>,
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Language").field("entries", &self.entries.len()).finish()
    }
}

/// All texts.
#[derive(Debug, Default)]
pub struct Texts {
    pub languages: HashMap<String, Language>,
}

/// An argument of the moment.
pub enum Value<'a> {
    /// Put in as HTML text, escaped.
    Text(&'a str),
    /// Already HTML: made of texts.
    Html(&'a str),
    /// Chooses plurals.
    Number(usize),
}

impl Texts {
    /// The facts that a text quotes, by id.
    pub fn quoted(&self, language: &str, key: &str) -> impl Iterator<Item = &str> {
        let entry = self.languages.get(language).and_then(|language| language.entries.get(key));
        entry.into_iter().flat_map(|entry| entry.variables.iter().map(String::as_str))
    }

    /// The text under `key` (`id` or `id.attribute`); empty when there is none, which the checker excludes.
    pub fn get(&self, language: &str, key: &str) -> &str {
        let entry = self.languages.get(language).and_then(|language| language.entries.get(key));
        entry.and_then(|entry| entry.fixed.as_deref()).unwrap_or("")
    }

    /// A shared phrase without arguments.
    pub fn phrase(&self, language: &str, phrase: Phrase) -> &str {
        self.get(language, phrase.key())
    }

    /// A shared phrase with arguments.
    pub fn say(&self, language: &str, phrase: Phrase, values: &[(&str, Value)]) -> String {
        let Some(language) = self.languages.get(language) else { return String::new() };
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(
                *name,
                match value {
                    Value::Text(text) => FluentValue::from(escape(text)),
                    Value::Html(text) => FluentValue::from(*text),
                    Value::Number(number) => FluentValue::from(*number),
                },
            );
        }
        format(&language.bundle, phrase.key(), &args)
    }
}

/// Makes any text safe inside Telegram HTML (Bot API: `<`, `>` and `&` must be entities).
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn format(bundle: &FluentBundle<FluentResource>, key: &str, args: &FluentArgs) -> String {
    let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
    let pattern = bundle.get_message(id).and_then(|message| match attribute {
        None => message.value(),
        Some(attribute) => message.get_attribute(attribute).map(|attribute| attribute.value()),
    });
    let Some(pattern) = pattern else { return String::new() };
    bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned()
}

/// Reads the two files of every language: the shared phrases and the dialogue's own texts.
pub fn parse(source: &Source, languages: &[String], facts: &Facts, problems: &mut Vec<Problem>) -> Texts {
    let mut args = FluentArgs::with_capacity(facts.list.len());
    for fact in &facts.list {
        // A whole number chooses plurals ("one month", "six months"); anything else is text.
        match fact.value.value.parse::<u32>() {
            Ok(number) if fact.kind == "period" => args.set(fact.id.value.clone(), number),
            _ => args.set(fact.id.value.clone(), escape(&fact.value.value)),
        }
    }
    let mut texts = Texts::default();
    for tag in languages {
        let own = Source::of_dialogue(&format!("{tag}.ftl"));
        let common = format!("common.{tag}.ftl");
        let Ok(id) = tag.parse::<unic_langid::LanguageIdentifier>() else {
            let file = Source::of_dialogue("dialogue.toml");
            problems.push(Problem::error(&file, 0..0, format!("`{tag}` is not a language tag")));
            continue;
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks would end up inside links, phone numbers and copied text.
        bundle.set_use_isolating(false);
        let mut entries = BTreeMap::new();
        for file in [common, own] {
            if !source.has(&file) {
                problems.push(Problem::error(&file, 0..0, format!("there is no file for the language `{tag}`")));
                continue;
            }
            read_file(&file, source.text(&file), &mut bundle, &mut entries, problems);
        }
        for (key, entry) in &mut entries {
            if entry.variables.iter().all(|name| facts.get(name).is_some()) {
                entry.fixed = Some(format(&bundle, key, &args));
            }
        }
        texts.languages.insert(tag.clone(), Language { bundle, entries });
    }
    texts
}

fn read_file(
    file: &str,
    text: &str,
    bundle: &mut FluentBundle<FluentResource>,
    entries: &mut BTreeMap<String, TextEntry>,
    problems: &mut Vec<Problem>,
) {
    let resource = match fluent_syntax::parser::parse(text) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            for error in errors {
                problems.push(Problem::error(file, error.pos.clone(), error.to_string()));
            }
            resource
        }
    };
    for item in &resource.body {
        let ast::Entry::Message(message) = item else { continue };
        let patterns = message.value.iter().map(|pattern| (message.id.name, message.id.name.to_owned(), pattern));
        let attributes = message.attributes.iter().map(|attribute| {
            (attribute.id.name, format!("{}.{}", message.id.name, attribute.id.name), &attribute.value)
        });
        for (name, key, pattern) in patterns.chain(attributes) {
            // The parser borrows from the text, so a name tells its own place.
            let start = name.as_ptr() as usize - text.as_ptr() as usize;
            let mut entry = TextEntry {
                file: file.to_owned(),
                span: start..start + name.len(),
                variables: BTreeSet::new(),
                literal: String::new(),
                source: String::new(),
                fixed: None,
            };
            walk(pattern, &mut entry);
            if entries.insert(key.clone(), entry).is_some() {
                problems.push(Problem::error(file, start..start + name.len(), format!("`{key}` is written twice")));
            }
        }
    }
    if let Ok(resource) = FluentResource::try_new(text.to_owned()).or_else(|(resource, _)| Ok::<_, ()>(resource)) {
        bundle.add_resource_overriding(resource);
    }
}

/// Collects what a pattern quotes and what it says by itself.
fn walk(pattern: &ast::Pattern<&str>, entry: &mut TextEntry) {
    for element in &pattern.elements {
        match element {
            ast::PatternElement::TextElement { value } => {
                entry.literal.push_str(value);
                entry.source.push_str(value);
            }
            ast::PatternElement::Placeable { expression } => {
                entry.literal.push(' ');
                entry.source.push('{');
                walk_expression(expression, entry);
                entry.source.push('}');
            }
        }
    }
}

fn walk_expression(expression: &ast::Expression<&str>, entry: &mut TextEntry) {
    match expression {
        ast::Expression::Inline(inline) => walk_inline(inline, entry),
        ast::Expression::Select { selector, variants } => {
            walk_inline(selector, entry);
            for variant in variants {
                entry.source.push('|');
                walk(&variant.value, entry);
            }
        }
    }
}

fn walk_inline(inline: &ast::InlineExpression<&str>, entry: &mut TextEntry) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            entry.variables.insert(id.name.to_owned());
            entry.source.push_str(id.name);
        }
        ast::InlineExpression::StringLiteral { value } => {
            entry.literal.push_str(value);
            entry.source.push_str(value);
        }
        ast::InlineExpression::Placeable { expression } => walk_expression(expression, entry),
        _ => {}
    }
}
