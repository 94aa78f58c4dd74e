//! Questions, guards and steps: the structure of a dialogue, and the fold that derives everything from the answers.
//!
//! A guard is a table over finite options, never an expression; here it is a few bit masks, so every check of the
//! content is exact and every turn is cheap. Indexes (`usize`) are positions in the lists of [`Graph`].

mod read;

use std::ops::Range;

pub use read::parse;

/// The option by which a person says that they do not know. The checker demands a way out of it.
pub const UNSURE: &str = "unsure";

/// The longest id. Keeps a button's payload within 64 bytes (Bot API: callback_data, 1–64 bytes): two ids and change.
pub const MAX_ID_BYTES: usize = 24;

/// The most options one question can have: one bit each.
const MAX_OPTIONS: usize = 16;

/// A set of options of one question: one bit each, in file order. Zero means "no answer".
pub type OptionSet = u16;

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
    pub options: OptionSet,
}

impl Guard {
    /// Whether it holds for these answers. An unanswered question satisfies nothing.
    pub fn holds(&self, values: &[OptionSet]) -> bool {
        self.table(values).is_some() || self.any.is_empty()
    }

    /// The first table that holds: the answers that are the reason.
    pub fn table(&self, values: &[OptionSet]) -> Option<&[Atom]> {
        let holds = |table: &&Vec<Atom>| table.iter().all(|atom| values[atom.question] & atom.options != 0);
        self.any.iter().find(holds).map(Vec::as_slice)
    }

    /// Whether it holds or may still come to hold, once the questions in `open` are answered.
    pub fn possible(&self, values: &[OptionSet], open: &[bool]) -> bool {
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
    pub alone: OptionSet,
    /// Asked by a step, not before the plan.
    pub later: bool,
}

impl Question {
    /// The option called `name`, now or formerly.
    pub fn option(&self, name: &str) -> Option<usize> {
        self.options.iter().position(|option| option.answers_to(name))
    }

    /// The positions of a set of options.
    pub fn positions(&self, options: OptionSet) -> impl Iterator<Item = usize> + '_ {
        (0..self.options.len()).filter(move |option| options & (1 << option) != 0)
    }

    /// Every complete answer: each single option; for `many`, each non-empty combination.
    pub fn answers(&self) -> Vec<OptionSet> {
        if !self.many {
            return (0..self.options.len()).map(|option| 1 << option).collect();
        }
        let is_answer = |set: &OptionSet| set & self.alone == 0 || set.count_ones() == 1;
        (1..=self.all()).filter(is_answer).collect()
    }

    /// The nearest complete answer to a set: one option, or a combination without contradiction. Zero if there is none.
    pub fn complete(&self, set: OptionSet) -> OptionSet {
        let set = set & self.all();
        if set == 0 || (self.many && set & self.alone == 0) { set } else { self.alone_first(set) }
    }

    /// Every option at once.
    fn all(&self) -> OptionSet {
        OptionSet::MAX >> (MAX_OPTIONS - self.options.len())
    }

    fn alone_first(&self, set: OptionSet) -> OptionSet {
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
    /// When it is done by a letter, whose draft is then in the offline pack. `None`: never.
    pub letter: Option<Guard>,
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
    /// The language of the staff at the counter.
    pub counter: String,
    /// The lines of the card for the counter.
    pub lines: Vec<Part>,
    /// When the case is closed.
    pub closed: Guard,
    /// The first one is where the operators are: times are shown there too.
    pub zones: Vec<Zone>,
    pub offers: Vec<Offer>,
    /// The links into the middle of the talk that are allowed.
    pub links: Vec<Link>,
}

/// A deep link, `?start=azercell`: a talk that begins with some answers filled in.
#[derive(Debug, Clone)]
pub struct Link {
    pub id: Id,
    pub answers: Vec<(usize, OptionSet)>,
}

/// Where a person stands: what counts of the answers, and the first question that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// Per question, the answer that counts; zero when unanswered or not asked.
    pub values: Vec<OptionSet>,
    /// Per question, whether it is waiting for an answer or may still be.
    pub open: Vec<bool>,
    /// The question to ask now. `None`: the plan is ready.
    pub next: Option<usize>,
}

impl Graph {
    /// The fold. `stored` gives the answer kept for a question, which may be dormant; hidden answers do not count.
    pub fn fold(&self, stored: impl Fn(usize) -> OptionSet) -> Situation {
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
    pub fn plan(&self, values: &[OptionSet]) -> Vec<usize> {
        (0..self.steps.len()).filter(|step| self.steps[*step].when.holds(values)).collect()
    }

    /// The papers of a plan, each once, as positions in `papers`.
    pub fn papers_of(&self, plan: &[usize], values: &[OptionSet]) -> Vec<usize> {
        let needed = |paper: &&usize| plan.iter().any(|step| self.needs(*step, **paper, values));
        (0..self.papers.len()).collect::<Vec<_>>().iter().filter(needed).copied().collect()
    }

    /// Whether a step of the plan calls for a paper, by itself or because another step of the plan got it ready.
    fn needs(&self, step: usize, paper: usize, values: &[OptionSet]) -> bool {
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
