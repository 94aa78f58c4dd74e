//! What the engine wants said: ids, never sentences. Indexes are positions in the lists of the graph.

use super::Other;
use super::session::{About, Reminder};
use super::when::TimeError;
use crate::dialogues::graph::OptionSet;
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
    Noted(Vec<(usize, OptionSet)>),
    /// Other answers than before.
    Changed(Vec<(usize, OptionSet)>),
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
    /// A reminder was set or moved.
    ReminderSet(Reminder),
    ReminderCancelled,
    /// The reminder of an old button is no more.
    ReminderGone,
    TooManyReminders,
    /// Why a time cannot be taken.
    TimeError(TimeError),
    ZoneSet,
    /// The talk goes on here, after a recovery code.
    Restored,
    CodeUnknown,
    /// What stands where a code should is none.
    CodeMisread,
    TooManyCodes,
    /// There is nothing yet that a code could bring back.
    NothingToKeep,
    /// An edit of the content changes the plan.
    ContentChanged {
        comes: Vec<usize>,
        leaves: Vec<usize>,
    },
    /// An edit of the content asks for another answer.
    ContentAsks,
    /// The bot offers a reminder by itself.
    Offer(usize),
}

/// A reminder whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    pub about: About,
    /// It comes well after its time: no instance was running.
    pub late: bool,
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
    /// Where the facts of a step, a topic or the contacts come from.
    StepSources(usize),
    TopicSources(usize),
    ContactSources,
    Answers,
    Languages,
    Help,
    Forget,
    Forgotten,
    /// What would change, before it does.
    Confirm {
        answers: Vec<(usize, OptionSet)>,
    },
    /// What a misspelt or ambiguous sentence may have meant.
    DidYouMean(Vec<Meaning>),
    /// The card for the counter.
    Card,
    /// The plan as a file that opens without a network.
    Pack,
    /// A new recovery code, spelled out.
    Code(String),
    /// Everything that is stored, as a file.
    Export,
    /// What to be reminded of.
    RemindMenu,
    /// When to be reminded. `choices`: the instants that an ambiguous time could mean, in seconds since 1970.
    When {
        about: About,
        replaces: Option<u32>,
        choices: Vec<i64>,
    },
    /// Where the person is; the zone guessed first, as a position in the graph's zones.
    Zones {
        guess: Option<usize>,
    },
    Reminders,
    Reminder(u32),
    /// A reminder as a calendar file.
    Calendar(u32),
    /// What has come due.
    Reminded(Vec<Fired>),
    /// Nothing is to be said: what came due is done, or gone.
    Silence,
}
