//! The only reader of the `dialogues/` folder: structure, facts, texts and words, loaded together and checked together.

pub mod analysis;
pub mod check;
pub mod facts;
pub mod graph;
pub mod machine;
pub mod people;
pub mod plans;
pub mod texts;
mod toml_reader;
pub mod translations;
pub mod words;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use facts::Facts;
use graph::Graph;
use texts::Texts;
use words::Lexicon;

/// The one dialogue there is. A second one would make this a question to the person.
const DIALOGUE: &str = "deregister";

/// The longest content file that is read. A file beyond it is a mistake (a dump, a video), not a dialogue.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

#[derive(RustEmbed)]
#[folder = "dialogues/"]
struct Embedded;

/// A dialogue that passed every check: what the bot runs on. Immutable; an edit makes a new one.
#[derive(Debug)]
pub struct Dialogue {
    pub graph: Graph,
    pub facts: Facts,
    pub texts: Texts,
    /// Typed words and what they mean, per language, in the order of `graph.languages`.
    pub lexicons: BTreeMap<String, Lexicon>,
}

impl Dialogue {
    /// The language to speak with someone whose client says `code` (IETF tag such as `zh-TW`, `en-GB`).
    ///
    /// A regional variant falls back to the language it is a variant of; an unknown language to `graph.fallback`;
    /// no code at all to the first language.
    pub fn language(&self, code: Option<&str>) -> &str {
        let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
            return &self.graph.languages[0];
        };
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        let same = |tag: &&String| tag.eq_ignore_ascii_case(code);
        let related = |tag: &&String| primary(tag) == primary(code);
        let languages = &self.graph.languages;
        languages.iter().find(same).or_else(|| languages.iter().find(related)).unwrap_or(&self.graph.fallback)
    }

    /// The words of a language that `language()` returned.
    pub fn lexicon(&self, language: &str) -> &Lexicon {
        &self.lexicons[language]
    }
}

/// How bad a problem is: an error keeps the dialogue from running, a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// One thing that is wrong with the content, at a place an author can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    /// The file, as a key of [`Source`], for example `deregister/dialogue.toml`.
    pub file: String,
    /// Bytes within the file.
    pub span: Range<usize>,
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// An error at a place.
    pub fn error(file: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, file: file.into(), span, message: message.into(), help: None }
    }

    /// A warning at a place.
    pub fn warning(file: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, span, message) }
    }

    /// The same problem with advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The content files, from the binary or with a folder laid over them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    files: BTreeMap<String, File>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    /// What a report calls it.
    shown_as: String,
    text: String,
}

impl Source {
    /// The files in the binary.
    pub fn embedded() -> Self {
        let read = |name: std::borrow::Cow<'static, str>| {
            let bytes = Embedded::get(&name).expect("a listed file is there").data;
            let text = String::from_utf8(bytes.into_owned()).expect("content files are UTF-8");
            (name.to_string(), File { shown_as: format!("dialogues/{name}"), text })
        };
        Self { files: Embedded::iter().filter(|name| is_content(Path::new(name.as_ref()))).map(read).collect() }
    }

    /// The files in the binary, each replaced by the file of the same name in `folder` where there is one.
    pub fn overlaid(folder: &Path) -> io::Result<Self> {
        let mut source = Self::embedded();
        let mut found = 0;
        for path in content_files(folder)? {
            let name = path.strip_prefix(folder).expect("listed below the folder");
            let name = name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            let size = std::fs::metadata(&path)?.len();
            if size > MAX_FILE_BYTES {
                return Err(io::Error::other(format!("{} is larger than {MAX_FILE_BYTES} bytes", path.display())));
            }
            let text = std::fs::read_to_string(&path)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
            source.files.insert(name, File { shown_as: path.display().to_string(), text });
            found += 1;
        }
        if found == 0 {
            let message = format!("there is no .toml or .ftl file in {}", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        Ok(source)
    }

    /// The same files with one changed; for tests that seed a fault.
    pub fn with(mut self, name: &str, text: String) -> Self {
        let shown_as = self.files.get(name).map_or_else(|| name.to_owned(), |file| file.shown_as.clone());
        self.files.insert(name.into(), File { shown_as, text });
        self
    }

    /// The text of a file; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.files.get(name).map_or("", |file| &file.text)
    }

    /// Whether there is such a file.
    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// The name of a file of the dialogue: `deregister/<name>`.
    pub fn of_dialogue(name: &str) -> String {
        format!("{DIALOGUE}/{name}")
    }

    /// The personas: `people/*.toml`, each with its name.
    pub fn people(&self) -> impl Iterator<Item = (&str, &str)> {
        let prefix = Self::of_dialogue("people/");
        self.files.iter().filter_map(move |(name, file)| Some((name.strip_prefix(&prefix)?, file.text.as_str())))
    }

    /// The file and line of a problem: `dialogues/deregister/en.ftl:12`.
    pub fn place(&self, problem: &Problem) -> String {
        let Some(file) = self.files.get(&problem.file) else { return problem.file.clone() };
        let before = &file.text[..file.text.floor_char_boundary(problem.span.start)];
        format!("{}:{}", file.shown_as, before.matches('\n').count() + 1)
    }

    /// All problems as text for a terminal: file, line, caret, advice.
    pub fn report(&self, problems: &[Problem], colour: bool) -> String {
        use ariadne::{Color, Config, Label, Report, ReportKind};
        let mut out = Vec::new();
        let mut cache = ariadne::sources(self.files.values().map(|file| (file.shown_as.clone(), file.text.as_str())));
        for problem in problems {
            let kind = match problem.severity {
                Severity::Error => ReportKind::Error,
                Severity::Warning => ReportKind::Warning,
            };
            let file = self.files.get(&problem.file);
            let shown_as = file.map_or_else(|| problem.file.clone(), |file| file.shown_as.clone());
            let Some(file) = file else {
                out.extend(format!("{kind}: {}\n  in {shown_as}\n", problem.message).into_bytes());
                continue;
            };
            // Parsers report bytes, and not always whole letters; the report counts letters.
            let letters = |byte: usize| file.text[..file.text.floor_char_boundary(byte)].chars().count();
            let start = letters(problem.span.start);
            let at = (shown_as, start..letters(problem.span.end).max(start));
            let mut report = Report::build(kind, at.clone())
                .with_config(Config::default().with_color(colour))
                .with_message(&problem.message)
                .with_label(Label::new(at).with_message("here").with_color(Color::Yellow));
            if let Some(help) = &problem.help {
                report = report.with_help(help);
            }
            report.finish().write(&mut cache, &mut out).expect("writing to memory does not fail");
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// The content files below a folder, sorted.
fn content_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_content(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_content(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "toml" || end == "ftl")
}

/// What loading found: the dialogue when nothing is an error, and every problem, errors first.
pub struct Loaded {
    pub dialogue: Option<Dialogue>,
    pub problems: Vec<Problem>,
}

/// Reads and checks everything. `today` (a civil date) decides which facts are due for a re-check.
///
/// All problems are reported, not the first one: what can be read is read, and checked, whatever else is broken.
pub fn load(source: &Source, today: jiff::civil::Date) -> Loaded {
    let mut problems = Vec::new();
    let name = Source::of_dialogue("dialogue.toml");
    let graph = graph::parse(&name, source.text(&name), &mut problems);
    let name = Source::of_dialogue("facts.toml");
    let facts = facts::parse(&name, source.text(&name), &mut problems);
    let texts = texts::parse(source, &graph.languages, &facts, &mut problems);
    if graph.questions.is_empty() || graph.languages.is_empty() {
        return Loaded { dialogue: None, problems };
    }
    let lexicons = graph.languages.iter().map(|tag| (tag.clone(), Lexicon::new(&graph, &texts, tag))).collect();
    let dialogue = Dialogue { graph, facts, texts, lexicons };
    check::run(&dialogue, today, &mut problems);
    let people = people::read_personas(&dialogue.graph, source, &mut problems);
    people::check(&dialogue.graph, &people, &mut problems);
    let lock = translations::read_lock(source, &mut problems);
    translations::check(&dialogue, &lock, &mut problems);
    problems.sort_by(|a, b| (a.severity, &a.file, a.span.start).cmp(&(b.severity, &b.file, b.span.start)));
    problems.dedup();
    let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
    Loaded { dialogue: (!broken).then_some(dialogue), problems }
}
