//! The talk in a terminal: choices by number or words, a line editor where there is a person, plain lines where not.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::conversation::{Channel, Conversation, Delivery, IncomingMessage, OutboxMessage, Priority};
use crate::dialogues::texts::{Phrase, Value};
use crate::engine::{Input, Press};
use crate::reminders;
use crate::render::{Choice, Screen, plain};

/// The key of the one person who sits at this terminal.
pub const PERSON: &str = "terminal";

/// The channel of that one person.
const CHANNEL: Channel = Channel { prefix: PERSON, delivery: Delivery::Push };

/// What a line ends in when it is read from a file or pipe; a longer one is cut, not refused.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// A talk with the person at the terminal. Knows no terminal itself: lines in, text out.
pub struct Talk {
    conversation: Arc<Conversation>,
    /// The language asked for on the command line; what the person chooses in the talk counts more.
    language: Option<String>,
    /// The choices shown last: what a number means.
    choices: Vec<Choice>,
    /// Whether the text may carry colours.
    colour: bool,
    /// Where files go that the talk makes.
    folder: PathBuf,
}

impl Talk {
    pub fn new(conversation: Arc<Conversation>, language: Option<String>, colour: bool, folder: PathBuf) -> Self {
        Self { conversation, language, choices: Vec::new(), colour, folder }
    }

    /// The first screen: a greeting, or where the person left off. Reminders that never arrived come first.
    pub async fn open(&mut self, now: Timestamp) -> anyhow::Result<String> {
        let mut shown = Vec::new();
        let mut left: VecDeque<OutboxMessage> = self.conversation.take_over(PERSON).await?.into();
        while let Some(message) = left.pop_front() {
            if message.payload.priority != Priority::Reply {
                shown.push(self.show_message(message).await?);
            } else {
                // The screen it held is about to be shown anew; only the row has to go.
                left.extend(self.conversation.acknowledge(PERSON, message.id).await?);
            }
        }
        while let Some(messages) = self.conversation.due(CHANNEL, now).await? {
            for message in messages {
                shown.push(self.show_message(message).await?);
            }
        }
        shown.push(self.handle(Input::Pressed(Press::Start), now).await?);
        Ok(shown.join("\n\n"))
    }

    /// What the bot says by itself: from now on, numbers mean its choices.
    pub async fn show_message(&mut self, message: OutboxMessage) -> anyhow::Result<String> {
        let OutboxMessage { id, payload, .. } = message;
        let mut text = show(&payload.screen, self.colour);
        if let Some(file) = &payload.screen.file {
            let path = self.folder.join(&file.name);
            std::fs::write(&path, &file.text).with_context(|| format!("Cannot write {}", path.display()))?;
            let dialogue = self.conversation.dialogue();
            let language = dialogue.language(self.language.as_deref());
            let name = file.name.as_str();
            text +=
                &format!("\n\n{}", dialogue.texts.say(language, Phrase::TerminalFile, &[("name", Value::Text(name))]));
        }
        self.choices = payload.screen.choices;
        // Another talk on the same database shows its own answers.
        self.conversation.acknowledge(PERSON, id).await?;
        Ok(text)
    }

    /// One line: numbers choose, anything else is said as it stands.
    pub async fn line(&mut self, line: &str, now: Timestamp) -> anyhow::Result<String> {
        let Some(numbers) = self.numbers(line) else { return self.handle(Input::typed(line.to_owned()), now).await };
        let mut shown = String::new();
        for number in numbers {
            // Picking several at once: each pick shows the same list again, so the numbers stay what they were.
            let Some(choice) = self.choices.get(number - 1) else { break };
            let input = Press::decode(&choice.press).map_or(Input::Garbled, Input::Pressed);
            shown = self.handle(input, now).await?;
        }
        Ok(shown)
    }

    /// The numbers of a line that holds nothing else, if there are so many choices.
    fn numbers(&self, line: &str) -> Option<Vec<usize>> {
        let parts = line.split([' ', ',', '\u{3001}', '\u{FF0C}']).filter(|part| !part.is_empty());
        let numbers: Vec<usize> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let fits = |number: &usize| (1..=self.choices.len()).contains(number);
        (!numbers.is_empty() && numbers.iter().all(fits)).then_some(numbers)
    }

    async fn handle(&mut self, input: Input, now: Timestamp) -> anyhow::Result<String> {
        let incoming = IncomingMessage { language: self.language.clone(), ..IncomingMessage::new(PERSON, input) };
        match self.conversation.handle(&incoming, now).await? {
            Some(message) => self.show_message(message).await,
            None => Ok(String::new()),
        }
    }

    /// The hint for a first talk, in the language of the person.
    fn hint(&self) -> String {
        let dialogue = self.conversation.dialogue();
        let language = dialogue.language(self.language.as_deref());
        plain(dialogue.texts.phrase(language, Phrase::TerminalHint))
    }

    /// What tells an author that an edit is live.
    pub fn reloaded(&self) -> String {
        let dialogue = self.conversation.dialogue();
        let language = dialogue.language(self.language.as_deref());
        plain(dialogue.texts.phrase(language, Phrase::TerminalReloaded))
    }
}

/// A screen as lines: the text, then the choices with numbers.
fn show(screen: &Screen, colour: bool) -> String {
    let text = if colour {
        let styled = [("<b>", "\u{1b}[1m"), ("<i>", "\u{1b}[2m"), ("<code>", "\u{1b}[36m")];
        let text = styled.iter().fold(screen.text.clone(), |text, (tag, code)| text.replace(tag, code));
        let ends = ["</b>", "</i>", "</code>"];
        plain(&ends.iter().fold(text, |text, tag| text.replace(tag, "\u{1b}[0m")))
    } else {
        plain(&screen.text)
    };
    let mut lines = vec![text];
    if !screen.choices.is_empty() {
        lines.push(String::new());
    }
    lines.extend(screen.choices.iter().enumerate().map(|(index, choice)| format!("{}) {}", index + 1, choice.label)));
    lines.join("\n")
}

/// Writes a talk down so that the tests can replay it: `> ` the person, `< ` the bot, `@ ` the time.
pub struct Recorder {
    file: File,
    minute: i64,
}

impl Recorder {
    /// Begins a transcript; an older file of that name is replaced.
    pub fn create(path: &Path, language: &str) -> anyhow::Result<Self> {
        let mut file = File::create(path).with_context(|| format!("Cannot write the transcript {}", path.display()))?;
        writeln!(file, "# language: {language}")?;
        Ok(Self { file, minute: i64::MIN })
    }

    /// Notes what was said, if anything, and what the bot answered.
    fn turn(&mut self, said: Option<&str>, answer: &str, now: Timestamp) -> io::Result<()> {
        let minute = now.as_second().div_euclid(60);
        if minute != self.minute {
            self.minute = minute;
            writeln!(self.file, "\n@ {}", Timestamp::from_second(minute * 60).unwrap_or(now))?;
        }
        if let Some(said) = said {
            writeln!(self.file, "\n> {said}")?;
        }
        writeln!(self.file, "{}", quoted(answer))?;
        self.file.flush()
    }
}

/// What the bot says, as a transcript has it.
pub fn quoted(answer: &str) -> String {
    answer.lines().map(|line| format!("< {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// How the talk at the terminal is run.
pub struct ChatOptions<'a> {
    /// `zh-Hans`, `en`, …
    pub language: Option<String>,
    /// Where to write a transcript.
    pub record: Option<&'a Path>,
    /// Whether to use colours.
    pub colour: bool,
    /// Called before every line; says whether the dialogue was replaced meanwhile.
    pub reload: &'a mut dyn FnMut() -> bool,
}

/// Runs the talk until the input ends.
pub async fn run(conversation: Arc<Conversation>, options: ChatOptions<'_>) -> anyhow::Result<()> {
    let (say, due) = mpsc::channel(1);
    let deliver = move |message| {
        let say = say.clone();
        // Nobody receives only after the end of the talk; what was not shown stays in the outbox.
        async move { drop(say.send(message).await) }
    };
    let reminders = tokio::spawn(reminders::run(conversation.clone(), CHANNEL, deliver));
    let talked = talk(conversation, options, due).await;
    reminders.abort();
    talked
}

async fn talk(
    conversation: Arc<Conversation>,
    options: ChatOptions<'_>,
    mut due: mpsc::Receiver<OutboxMessage>,
) -> anyhow::Result<()> {
    let interactive = io::stdin().is_terminal();
    let language = conversation.dialogue().language(options.language.as_deref()).to_owned();
    let mut recorder = options.record.map(|path| Recorder::create(path, &language)).transpose()?;
    let mut talk = Talk::new(conversation.clone(), Some(language), options.colour, PathBuf::new());
    let (mut lines, mut voice) = read_lines(interactive)?;

    let mut answer = talk.open(Timestamp::now()).await?;
    let mut said: Option<String> = None;
    loop {
        if let Some(recorder) = &mut recorder {
            recorder.turn(said.as_deref(), &answer, Timestamp::now()).context("Cannot write the transcript")?;
        }
        if interactive && said.is_none() && !answer.is_empty() {
            answer += &format!("\n\n{}", talk.hint());
        }
        if !voice.say(&answer)? {
            break;
        }
        answer = tokio::select! {
            // What was typed is answered before the clock speaks.
            biased;
            line = lines.recv() => match line {
                None => break,
                Some(line) => {
                    if (options.reload)() {
                        voice.say(&talk.reloaded())?;
                    }
                    let line = line?;
                    let answer = talk.line(&line, Timestamp::now()).await?;
                    said = Some(line);
                    answer
                }
            },
            Some(message) = due.recv() => {
                said = Some(String::new());
                talk.show_message(message).await?
            }
        };
    }
    conversation.store().flush().await;
    Ok(())
}

/// How text reaches the terminal: directly, or through the line editor, which keeps the line being typed.
enum Voice {
    Plain,
    Editor(Box<dyn rustyline::ExternalPrinter + Send>),
}

impl Voice {
    /// Says a paragraph; `false` when nobody reads any more (`simoff chat | head`).
    fn say(&mut self, text: &str) -> anyhow::Result<bool> {
        match self {
            Self::Plain => print(text),
            Self::Editor(printer) => {
                printer.print(format!("{text}\n\n")).context("Cannot write to the terminal")?;
                Ok(true)
            }
        }
    }
}

/// Reads lines on a thread of their own, since a person may take days. The channel closes at the end of the input.
fn read_lines(interactive: bool) -> anyhow::Result<(mpsc::Receiver<anyhow::Result<String>>, Voice)> {
    let mut lines = Lines::new(interactive)?;
    let voice = match &mut lines {
        Lines::Plain => Voice::Plain,
        Lines::Editor(editor) => {
            Voice::Editor(Box::new(editor.create_external_printer().context("Cannot use the terminal")?))
        }
    };
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        loop {
            let line = match lines.next() {
                Ok(None) => return,
                Ok(Some(line)) => Ok(line),
                Err(error) => Err(error),
            };
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    Ok((receiver, voice))
}

/// Prints a paragraph; `false` when nobody reads any more (`simoff chat | head`).
fn print(text: &str) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}\n").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        result => result.map(|()| true).context("Cannot write to the terminal"),
    }
}

/// Where lines come from: an editor with history for a person, plain reading for a pipe. History is kept in memory only.
enum Lines {
    Editor(Box<rustyline::DefaultEditor>),
    Plain,
}

impl Lines {
    fn new(interactive: bool) -> anyhow::Result<Self> {
        if !interactive {
            return Ok(Self::Plain);
        }
        Ok(Self::Editor(Box::new(rustyline::DefaultEditor::new().context("Cannot use the terminal")?)))
    }

    /// The next line that says something; `None` at the end, and on Ctrl-C.
    fn next(&mut self) -> anyhow::Result<Option<String>> {
        use rustyline::error::ReadlineError;
        loop {
            let line = match self {
                Self::Editor(editor) => match editor.readline("> ") {
                    Ok(line) => {
                        editor.add_history_entry(line.as_str()).context("Cannot keep the line")?;
                        line
                    }
                    Err(ReadlineError::Eof | ReadlineError::Interrupted) => return Ok(None),
                    Err(error) => return Err(error).context("Cannot read a line"),
                },
                Self::Plain => {
                    let mut bytes = Vec::new();
                    let mut input = io::stdin().lock();
                    if input.read_until(b'\n', &mut bytes).context("Cannot read a line")? == 0 {
                        return Ok(None);
                    }
                    bytes.truncate(MAX_LINE_BYTES);
                    String::from_utf8_lossy(&bytes).into_owned()
                }
            };
            let line = line.trim();
            if !line.is_empty() {
                return Ok(Some(line.to_owned()));
            }
        }
    }
}
