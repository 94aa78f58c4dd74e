//! Questions, guards and steps: the structure of a dialogue, and the fold that derives everything from the answers.
//!
//! A guard is a table over finite options, never an expression; here it is a few bit masks, so every check of the
//! content is exact and every turn is cheap. Indexes (`usize`) are positions in the lists of [`Graph`].

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::Problem;
use super::fields::{At, Fields, document, strings};

/// The option by which a person says that they do not know. The checker demands a way out of it.
pub const UNSURE: &str = "unsure";

/// The longest id. Keeps a button's payload within 64 bytes (Bot API: callback_data, 1–64 bytes): two ids and change.
pub const MAX_ID_BYTES: usize = 24;

/// The most options one question can have: one bit each.
const MAX_OPTIONS: usize = 16;

/// A set of options of one question: one bit each, in file order. Zero means "no answer".
pub type Options = u16;

/// An id with its former names and its place in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Id {
    pub name: String,
    /// Former names, so that old sessions and old buttons stay valid after a rename.
    pub was: Vec<String>,
    pub span: Range<usize>,
}

impl Id {
    /// Whether this is, or once was, called `name`.
    pub fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.was.iter().any(|was| was == name)
    }
}

/// When something holds: any of these tables, each an AND over questions. No table at all means always.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guard {
    pub any: Vec<Vec<Atom>>,
}

/// One line of a guard: the answer to `question` is among `options`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atom {
    pub question: usize,
    pub options: Options,
}

impl Guard {
    /// Whether it holds for these answers. An unanswered question satisfies nothing.
    pub fn holds(&self, values: &[Options]) -> bool {
        self.table(values).is_some() || self.any.is_empty()
    }

    /// The first table that holds: the answers that are the reason.
    pub fn table(&self, values: &[Options]) -> Option<&[Atom]> {
        let holds = |table: &&Vec<Atom>| table.iter().all(|atom| values[atom.question] & atom.options != 0);
        self.any.iter().find(holds).map(Vec::as_slice)
    }

    /// Whether it holds or may still come to hold, once the questions in `open` are answered.
    pub fn possible(&self, values: &[Options], open: &[bool]) -> bool {
        let fits = |atom: &Atom| values[atom.question] & atom.options != 0 || open[atom.question];
        self.any.is_empty() || self.any.iter().any(|table| table.iter().all(fits))
    }

    /// The questions it names.
    pub fn questions(&self) -> impl Iterator<Item = usize> + '_ {
        self.any.iter().flatten().map(|atom| atom.question)
    }
}

/// A question with finite options.
#[derive(Debug, Clone)]
pub struct Question {
    pub id: Id,
    pub options: Vec<Id>,
    pub ask_if: Guard,
    /// Several options at once.
    pub many: bool,
    /// Options of a `many` question that exclude all others.
    pub alone: Options,
    /// Asked by a step, not before the plan.
    pub later: bool,
}

impl Question {
    /// The option called `name`, now or formerly.
    pub fn option(&self, name: &str) -> Option<usize> {
        self.options.iter().position(|option| option.answers_to(name))
    }

    /// The positions of a set of options.
    pub fn positions(&self, options: Options) -> impl Iterator<Item = usize> + '_ {
        (0..self.options.len()).filter(move |option| options & (1 << option) != 0)
    }

    /// Every complete answer: each single option; for `many`, each non-empty combination.
    pub fn answers(&self) -> Vec<Options> {
        if !self.many {
            return (0..self.options.len()).map(|option| 1 << option).collect();
        }
        let is_answer = |set: &Options| set & self.alone == 0 || set.count_ones() == 1;
        (1..=self.all()).filter(is_answer).collect()
    }

    /// The nearest complete answer to a set: one option, or a combination without contradiction. Zero if there is none.
    pub fn complete(&self, set: Options) -> Options {
        let set = set & self.all();
        if set == 0 || (self.many && set & self.alone == 0) { set } else { self.alone_first(set) }
    }

    /// Every option at once.
    fn all(&self) -> Options {
        Options::MAX >> (MAX_OPTIONS - self.options.len())
    }

    fn alone_first(&self, set: Options) -> Options {
        let set = if set & self.alone != 0 { set & self.alone } else { set };
        1 << set.trailing_zeros()
    }
}

/// Something that belongs to a step under a further guard: a paper or a note.
#[derive(Debug, Clone)]
pub struct Part {
    pub id: Id,
    pub when: Guard,
}

/// One step of the plan.
#[derive(Debug, Clone)]
pub struct Step {
    pub id: Id,
    pub when: Guard,
    /// Steps that come first; positions above this one.
    pub after: Vec<usize>,
    /// Papers: `id.name` is the name of one of `Graph::papers`.
    pub papers: Vec<Part>,
    /// Remarks for particular situations.
    pub notes: Vec<Part>,
    /// Questions it offers again.
    pub asks: Vec<usize>,
    /// What it keeps safe; an irreversible step must come after it.
    pub protects: Vec<String>,
    pub irreversible: bool,
    /// Shows the contacts.
    pub hotline: bool,
}

/// An id with a guard: a contact.
pub type Contact = Part;

/// A time zone that a person can choose.
#[derive(Debug, Clone)]
pub struct Zone {
    pub id: Id,
    /// Its IANA name: `Asia/Baku`.
    pub name: String,
    /// Where it is, in degrees north and east: a shared location chooses the nearest.
    pub at: (f64, f64),
}

/// A reminder that the bot offers by itself.
#[derive(Debug, Clone)]
pub struct Offer {
    pub id: Id,
    /// The step to be reminded of.
    pub about: usize,
    pub when: Guard,
    /// It is offered when this step is ticked; `None`: when the plan is ready.
    pub once: Option<usize>,
    /// So many days later.
    pub days: u8,
}

/// The structure of a dialogue.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    pub file: String,
    pub id: String,
    /// The first is the source of the translations, and the default.
    pub languages: Vec<String>,
    pub fallback: String,
    pub questions: Vec<Question>,
    pub steps: Vec<Step>,
    /// Every paper that a step names, in order of first appearance.
    pub papers: Vec<Id>,
    pub contacts: Vec<Contact>,
    pub topics: Vec<Id>,
    /// When the case is closed.
    pub closed: Guard,
    /// The first one is where the operators are: times are shown there too.
    pub zones: Vec<Zone>,
    pub offers: Vec<Offer>,
}

/// Where a person stands: what counts of the answers, and the first question that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// Per question, the answer that counts; zero when unanswered or not asked.
    pub values: Vec<Options>,
    /// Per question, whether it is waiting for an answer or may still be.
    pub open: Vec<bool>,
    /// The question to ask now. `None`: the plan is ready.
    pub next: Option<usize>,
}

impl Graph {
    /// The fold. `stored` gives the answer kept for a question, which may be dormant; hidden answers do not count.
    pub fn fold(&self, stored: impl Fn(usize) -> Options) -> Situation {
        let mut values = vec![0; self.questions.len()];
        let mut open = vec![false; self.questions.len()];
        let mut next = None;
        for (index, question) in self.questions.iter().enumerate() {
            if question.ask_if.holds(&values) {
                values[index] = question.complete(stored(index));
                if values[index] == 0 && !question.later {
                    open[index] = true;
                    next = next.or(Some(index));
                }
            } else {
                open[index] = !question.later && question.ask_if.possible(&values, &open);
            }
        }
        Situation { values, open, next }
    }

    /// The steps that hold, in order.
    pub fn plan(&self, values: &[Options]) -> Vec<usize> {
        (0..self.steps.len()).filter(|step| self.steps[*step].when.holds(values)).collect()
    }

    /// The papers of a plan, each once, as positions in `papers`.
    pub fn papers_of(&self, plan: &[usize], values: &[Options]) -> Vec<usize> {
        let needed = |paper: &&usize| plan.iter().any(|step| self.needs(*step, **paper, values));
        (0..self.papers.len()).collect::<Vec<_>>().iter().filter(needed).copied().collect()
    }

    /// Whether a step of the plan calls for a paper, by itself or because another step of the plan got it ready.
    fn needs(&self, step: usize, paper: usize, values: &[Options]) -> bool {
        let name = &self.papers[paper].name;
        self.steps[step].papers.iter().any(|part| part.id.name == *name && part.when.holds(values))
    }

    /// The position of a question, by its present or former name.
    pub fn question(&self, name: &str) -> Option<usize> {
        self.questions.iter().position(|question| question.id.answers_to(name))
    }

    /// The position of a step, by its present or former name.
    pub fn step(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id.answers_to(name))
    }

    /// The position of a paper.
    pub fn paper(&self, name: &str) -> Option<usize> {
        self.papers.iter().position(|paper| paper.answers_to(name))
    }

    /// The position of a topic.
    pub fn topic(&self, name: &str) -> Option<usize> {
        self.topics.iter().position(|topic| topic.answers_to(name))
    }

    /// Everything that must come before a step, directly or through others.
    pub fn before(&self, step: usize) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut open = self.steps[step].after.clone();
        while let Some(step) = open.pop() {
            if !found.contains(&step) {
                found.push(step);
                open.extend(&self.steps[step].after);
            }
        }
        found.sort_unstable();
        found
    }
}

/// Reads `dialogue.toml`. What is wrong becomes a problem; the rest is read.
pub fn parse(file: &str, text: &str, problems: &mut Vec<Problem>) -> Graph {
    let document = document(file, text, problems);
    let mut top = Fields::new(file, "dialogue", document.get_ref(), 0..0);
    let mut graph = Graph { file: file.to_owned(), ..Graph::default() };

    if top.get("schema").and_then(|value| value.get_ref().as_integer()).is_none_or(|number| number.as_str() != "1") {
        problems.push(Problem::error(file, 0..0, "this program reads `schema = 1` only"));
    }
    graph.id = top.string("id", problems).unwrap_or_default().value;
    graph.languages = top.strings("languages", problems).into_iter().map(|tag| tag.value).collect();
    if graph.languages.is_empty() {
        problems.push(Problem::error(file, 0..0, "there is no `languages` list"));
    }
    if let Some(fallback) = top.string("fallback", problems) {
        if !graph.languages.contains(&fallback.value) {
            problems.push(Problem::error(file, fallback.span, "`fallback` is not one of the `languages`"));
        }
        graph.fallback = fallback.value;
    }

    for mut fields in top.tables("question", problems) {
        let Some(question) = read_question(file, &graph, &mut fields, problems) else { continue };
        fields.finish(problems);
        graph.questions.push(question);
    }
    let mut steps: Vec<Step> = Vec::new();
    for mut fields in top.tables("step", problems) {
        let Some(step) = read_step(file, &graph, &steps, &mut fields, problems) else { continue };
        fields.finish(problems);
        for part in &step.papers {
            if graph.paper(&part.id.name).is_none() {
                graph.papers.push(part.id.clone());
            }
        }
        steps.push(step);
    }
    graph.steps = steps;
    for mut fields in top.tables("contact", problems) {
        if let Some(id) = read_id(file, &mut fields, problems) {
            unique(file, "contact", &id, graph.contacts.iter().map(|contact| &contact.id), problems);
            let when = read_guard(file, &graph, &mut fields, "when", problems);
            graph.contacts.push(Part { id, when });
        }
        fields.finish(problems);
    }
    for mut fields in top.tables("topic", problems) {
        if let Some(id) = read_id(file, &mut fields, problems) {
            unique(file, "topic", &id, graph.topics.iter(), problems);
            graph.topics.push(id);
        }
        fields.finish(problems);
    }
    for mut fields in top.tables("zone", problems) {
        if let Some(zone) = read_zone(file, &mut fields, problems) {
            unique(file, "zone", &zone.id, graph.zones.iter().map(|zone| &zone.id), problems);
            graph.zones.push(zone);
        }
        fields.finish(problems);
    }
    if graph.zones.is_empty() {
        problems.push(Problem::error(file, 0..0, "there is no `[[zone]]`: where are the operators?"));
    }
    for mut fields in top.tables("offer", problems) {
        if let Some(offer) = read_offer(file, &graph, &mut fields, problems) {
            unique(file, "offer", &offer.id, graph.offers.iter().map(|offer| &offer.id), problems);
            graph.offers.push(offer);
        }
        fields.finish(problems);
    }
    graph.closed = read_guard(file, &graph, &mut top, "closed", problems);
    if graph.closed.any.is_empty() {
        problems.push(Problem::error(file, 0..0, "there is no `closed` guard: when is a case closed?"));
    }
    top.finish(problems);
    graph
}

fn read_question(file: &str, graph: &Graph, fields: &mut Fields, problems: &mut Vec<Problem>) -> Option<Question> {
    let id = read_id(file, fields, problems)?;
    unique(file, "question", &id, graph.questions.iter().map(|question| &question.id), problems);
    let mut options: Vec<Id> = Vec::new();
    for item in fields.items("options", problems) {
        let mut was = Vec::new();
        if let Some(mut rest) = item.rest {
            rest.get("id");
            was = rest.strings("was", problems).into_iter().map(|name| name.value).collect();
            rest.finish(problems);
        }
        let option = Id { name: item.id.value, was, span: item.id.span };
        shape(file, &option, problems);
        unique(file, "option", &option, options.iter(), problems);
        if ["name", "why"].contains(&option.name.as_str()) {
            let message = format!("an option cannot be called `{}`: the question's own text has that key", option.name);
            problems.push(Problem::error(file, option.span.clone(), message));
        }
        options.push(option);
    }
    if options.len() < 2 || options.len() > MAX_OPTIONS {
        let message = format!("`{}` needs two to {MAX_OPTIONS} options", id.name);
        problems.push(Problem::error(file, id.span.clone(), message));
        return None;
    }
    let ask_if = read_guard(file, graph, fields, "ask_if", problems);
    let many = fields.flag("many", problems);
    let later = fields.flag("later", problems);
    let mut alone = 0;
    for name in fields.strings("alone", problems) {
        match options.iter().position(|option| option.name == name.value) {
            Some(option) if many => alone |= 1 << option,
            Some(_) => problems.push(Problem::error(file, name.span, "`alone` is for questions with `many = true`")),
            None => problems.push(unknown_option(file, &name, &id.name, &options)),
        }
    }
    Some(Question { id, options, ask_if, many, alone, later })
}

fn read_step(
    file: &str,
    graph: &Graph,
    above: &[Step],
    fields: &mut Fields,
    problems: &mut Vec<Problem>,
) -> Option<Step> {
    let id = read_id(file, fields, problems)?;
    unique(file, "step", &id, above.iter().map(|step| &step.id), problems);
    let when = read_guard(file, graph, fields, "when", problems);
    let mut after = Vec::new();
    for name in fields.strings("after", problems) {
        match above.iter().position(|step| step.id.name == name.value) {
            Some(step) => after.push(step),
            None => {
                let message = format!("`after` names `{}`, which is not a step above `{}`", name.value, id.name);
                problems
                    .push(Problem::error(file, name.span, message).help(
                        "steps stand in the order in which they are done; move one of the two, or mend the name",
                    ));
            }
        }
    }
    let mut asks = Vec::new();
    for name in fields.strings("asks", problems) {
        match graph.question(&name.value) {
            Some(question) => asks.push(question),
            None => {
                problems.push(Problem::error(file, name.span, format!("there is no question `{}`", name.value)));
            }
        }
    }
    let papers = read_parts(file, graph, fields, "papers", problems);
    let notes = read_parts(file, graph, fields, "notes", problems);
    let protects = fields.strings("protects", problems).into_iter().map(|name| name.value).collect();
    let irreversible = fields.flag("irreversible", problems);
    let hotline = fields.flag("hotline", problems);
    Some(Step { id, when, after, papers, notes, asks, protects, irreversible, hotline })
}

fn read_zone(file: &str, fields: &mut Fields, problems: &mut Vec<Problem>) -> Option<Zone> {
    let id = read_id(file, fields, problems);
    let name = fields.string("name", problems);
    let at = fields.numbers("at", problems);
    let name = name?;
    if jiff::tz::TimeZone::get(&name.value).is_err() {
        let message = format!("`{}` is not an IANA time zone", name.value);
        problems.push(Problem::error(file, name.span.clone(), message));
        return None;
    }
    match at[..] {
        [north, east] => Some(Zone { id: id?, name: name.value, at: (north, east) }),
        _ => {
            problems.push(Problem::error(file, name.span, "a zone has `at = [degrees north, degrees east]`"));
            None
        }
    }
}

fn read_offer(file: &str, graph: &Graph, fields: &mut Fields, problems: &mut Vec<Problem>) -> Option<Offer> {
    let id = read_id(file, fields, problems);
    let when = read_guard(file, graph, fields, "when", problems);
    let find = |name: At<String>, problems: &mut Vec<Problem>| {
        let step = graph.steps.iter().position(|step| step.id.name == name.value);
        if step.is_none() {
            problems.push(Problem::error(file, name.span, format!("there is no step `{}`", name.value)));
        }
        step
    };
    let about = fields.string("about", problems).and_then(|name| find(name, problems));
    let once = fields.strings("once", problems).into_iter().next().and_then(|name| find(name, problems));
    let days = fields.numbers("days", problems);
    let days = days.first().map(|days| days.round()).filter(|days| (1.0..=90.0).contains(days));
    let Some(days) = days else {
        problems.push(Problem::error(file, fields.span.clone(), "an offer has `days` from 1 to 90"));
        return None;
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 1 to 90")]
    Some(Offer { id: id?, when, about: about?, once, days: days as u8 })
}

fn read_parts(
    file: &str,
    graph: &Graph,
    fields: &mut Fields,
    key: &'static str,
    problems: &mut Vec<Problem>,
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for item in fields.items(key, problems) {
        let id = Id { name: item.id.value, was: Vec::new(), span: item.id.span };
        shape(file, &id, problems);
        unique(file, key, &id, parts.iter().map(|part| &part.id), problems);
        let mut when = Guard::default();
        if let Some(mut rest) = item.rest {
            rest.get("id");
            when = read_guard(file, graph, &mut rest, "when", problems);
            rest.finish(problems);
        }
        parts.push(Part { id, when });
    }
    parts
}

fn read_id(file: &str, fields: &mut Fields, problems: &mut Vec<Problem>) -> Option<Id> {
    let name = fields.string("id", problems)?;
    let was = fields.strings("was", problems).into_iter().map(|name| name.value).collect();
    let id = Id { name: name.value, was, span: name.span };
    shape(file, &id, problems);
    Some(id)
}

fn shape(file: &str, id: &Id, problems: &mut Vec<Problem>) {
    let letters = |name: &str| name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    let starts = id.name.starts_with(|first: char| first.is_ascii_lowercase());
    if !starts || !letters(&id.name) || id.name.len() > MAX_ID_BYTES {
        let message = format!("`{}` is not an id", id.name);
        problems.push(
            Problem::error(file, id.span.clone(), message)
                .help(format!("use a-z, 0-9 and _, begin with a letter, {MAX_ID_BYTES} characters at most")),
        );
    }
}

fn unique<'a>(file: &str, what: &str, id: &Id, mut others: impl Iterator<Item = &'a Id>, problems: &mut Vec<Problem>) {
    let clash = |other: &&Id| id.answers_to(&other.name) || id.was.iter().any(|was| other.answers_to(was));
    if others.any(|other| clash(&other) || other.answers_to(&id.name)) {
        problems.push(Problem::error(file, id.span.clone(), format!("`{}` is already taken in {what}", id.name)));
    }
}

fn unknown_option(file: &str, name: &At<String>, question: &str, options: &[Id]) -> Problem {
    let known = options.iter().map(|option| option.name.as_str()).collect::<Vec<_>>().join(", ");
    Problem::error(file, name.span.clone(), format!("`{question}` has no option `{}`", name.value))
        .help(format!("its options are: {known}"))
}

/// A guard under `key`: one table, or a list of tables of which any may hold. Names only questions in `graph` so far.
fn read_guard(file: &str, graph: &Graph, fields: &mut Fields, key: &'static str, problems: &mut Vec<Problem>) -> Guard {
    let Some(value) = fields.get(key) else { return Guard::default() };
    let mut any = Vec::new();
    match value.get_ref() {
        DeValue::Table(_) => any.extend(read_table(file, graph, value, problems)),
        DeValue::Array(tables) => {
            for table in tables.iter() {
                any.extend(read_table(file, graph, table, problems));
            }
        }
        _ => problems.push(
            Problem::error(file, value.span(), format!("`{key}` must be a table, or a list of tables"))
                .help("for example: { place = \"abroad\", sim = [\"card\", \"esim\"] }"),
        ),
    }
    Guard { any }
}

fn read_table(file: &str, graph: &Graph, value: &Spanned<DeValue>, problems: &mut Vec<Problem>) -> Option<Vec<Atom>> {
    let Some(table) = value.get_ref().as_table().filter(|table| !table.is_empty()) else {
        problems.push(Problem::error(file, value.span(), "a guard is a table of questions and options"));
        return None;
    };
    let mut atoms = Vec::new();
    for (name, value) in table.iter() {
        let Some(question) = graph.questions.iter().position(|question| question.id.name == name.get_ref().as_ref())
        else {
            let message = format!("the guard names `{}`, which is not a question above", name.get_ref());
            problems.push(
                Problem::error(file, name.span(), message)
                    .help("a guard may only name questions that are asked before it is needed"),
            );
            continue;
        };
        let target = &graph.questions[question];
        let mut options = 0;
        for name in strings(file, &target.id.name, value, problems) {
            match target.options.iter().position(|option| option.name == name.value) {
                Some(option) => options |= 1 << option,
                None => problems.push(unknown_option(file, &name, &target.id.name, &target.options)),
            }
        }
        if options != 0 {
            atoms.push(Atom { question, options });
        }
    }
    (!atoms.is_empty()).then_some(atoms)
}
