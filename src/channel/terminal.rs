//! The talk in a terminal: choices by number or words, a line editor where there is a person, plain lines where not.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;

use crate::conversation::{Conversation, Heard, Parcel};
use crate::dialogues::texts::Phrase;
use crate::engine::{Input, Press};
use crate::render::{Choice, Screen, plain};

/// The key of the one person who sits at this terminal.
const PERSON: &str = "terminal";

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
}

impl Talk {
    pub fn new(conversation: Arc<Conversation>, language: Option<String>, colour: bool) -> Self {
        Self { conversation, language, choices: Vec::new(), colour }
    }

    /// The first screen: a greeting, or where the person left off. What was committed and never shown comes first.
    pub async fn open(&mut self, now: Timestamp) -> anyhow::Result<String> {
        for parcel in self.conversation.left_over(PERSON).await? {
            // The screen it held is about to be shown anew; only the row has to go.
            self.conversation.said(parcel.id).await;
        }
        self.hear(Input::Pressed(Press::Start), now).await
    }

    /// One line: numbers choose, anything else is said as it stands.
    pub async fn line(&mut self, line: &str, now: Timestamp) -> anyhow::Result<String> {
        let Some(numbers) = self.numbers(line) else { return self.hear(Input::Text(line.to_owned()), now).await };
        let mut shown = String::new();
        for number in numbers {
            // Picking several at once: each pick shows the same list again, so the numbers stay what they were.
            let Some(choice) = self.choices.get(number - 1) else { break };
            let input = Press::decode(&choice.press).map_or(Input::Garbled, Input::Pressed);
            shown = self.hear(input, now).await?;
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

    async fn hear(&mut self, input: Input, now: Timestamp) -> anyhow::Result<String> {
        let heard =
            Heard { person: PERSON.into(), input, update: None, language: self.language.clone(), replaces: None };
        let Some(Parcel { id, outgoing, .. }) = self.conversation.hear(&heard, now).await? else {
            return Ok(String::new());
        };
        let text = show(&outgoing.screen, self.colour);
        self.choices = outgoing.screen.choices;
        self.conversation.said(id).await;
        Ok(text)
    }

    /// The hint for somebody who has never been here, in their language.
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
pub struct Options<'a> {
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
pub async fn run(conversation: Arc<Conversation>, options: Options<'_>) -> anyhow::Result<()> {
    let interactive = io::stdin().is_terminal();
    let language = conversation.dialogue().language(options.language.as_deref()).to_owned();
    let mut recorder = options.record.map(|path| Recorder::create(path, &language)).transpose()?;
    let mut talk = Talk::new(conversation.clone(), Some(language), options.colour);
    let mut lines = Lines::new(interactive)?;

    let mut said: Option<String> = None;
    loop {
        if (options.reload)() {
            print(&talk.reloaded())?;
        }
        let now = Timestamp::now();
        let answer = match &said {
            None => talk.open(now).await?,
            Some(line) => talk.line(line, now).await?,
        };
        if let Some(recorder) = &mut recorder {
            recorder.turn(said.as_deref(), &answer, now).context("Cannot write the transcript")?;
        }
        if !print(&answer)? {
            break;
        }
        if interactive && said.is_none() {
            print(&talk.hint())?;
        }
        let next;
        (lines, next) = tokio::task::spawn_blocking(move || {
            let next = lines.next();
            (lines, next)
        })
        .await
        .context("Cannot read a line")?;
        said = match next? {
            Some(line) => Some(line),
            None => break,
        };
    }
    conversation.flush().await;
    Ok(())
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
