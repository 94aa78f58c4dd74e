//! What the engine wants said: ids, never sentences. Indexes are positions in the lists of the graph.

use super::Other;
use crate::dialogues::graph::Options;
use crate::dialogues::words::Meaning;

/// The answer to one input: remarks, then one screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub notes: Vec<Note>,
    pub view: View,
}

/// A remark above the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    Welcome,
    WelcomeBack,
    /// New answers; none when the same was said again.
    Noted(Vec<(usize, Options)>),
    /// Other answers than before.
    Changed(Vec<(usize, Options)>),
    /// The answer counts only if other answers change.
    Dormant,
    Kept,
    Ticked(usize),
    Unticked(usize),
    /// An irreversible step was ticked while these were open.
    TooEarly(Vec<usize>),
    NotUnderstood,
    UnknownCommand,
    Outdated,
    Sensitive,
    Unsupported(Other),
    PlanNotReady,
    StartedOver,
    StepGone,
    LanguageSet,
    NothingOpen,
    /// Handling the last input failed on our side.
    OurFault,
}

/// One screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    Question(usize),
    WhyAsked(usize),
    Plan,
    Step(usize),
    /// The answers that caused a step.
    Why(usize),
    Papers,
    Contacts,
    Topics,
    Topic(usize),
    Answers,
    Languages,
    Help,
    Forget,
    Forgotten,
    /// What would change, before it does.
    Confirm {
        answers: Vec<(usize, Options)>,
    },
    /// What a misspelt or ambiguous sentence may have meant.
    DidYouMean(Vec<Meaning>),
}
