//! Answers, ticks and edits: what they change, and what is asked first.

use super::TurnState;
use super::reply::{Note, View};
use super::session::{Item, Pending, Session, done_by_answer};
use crate::dialogues::graph::{Offer, OptionSet, Situation};

impl TurnState<'_> {
    /// Picks or drops one option of a question that takes several. What excludes the others replaces them.
    pub(super) fn pick(&mut self, question: usize, option: usize, on: bool) -> View {
        let asked = &self.graph.questions[question];
        if !asked.many {
            return self.answer(vec![(question, 1 << option)]);
        }
        let bit: OptionSet = 1 << option;
        let picked = self.session.picked(asked);
        let picked = match (on, bit & asked.alone != 0) {
            (true, true) => bit,
            (true, false) => (picked & !asked.alone) | bit,
            (false, _) => picked & !bit,
        };
        self.session.set_picked(asked, picked);
        View::Question(question)
    }

    /// Stores answers; where that would drop a ticked step, asks first.
    pub(super) fn answer(&mut self, answers: Vec<(usize, OptionSet)>) -> View {
        let before = self.situation();
        let mut changed = self.session.clone();
        for (question, options) in &answers {
            changed.set_answer(&self.graph.questions[*question], *options);
        }
        let after = changed.situation(self.graph);
        let lost = self.session.lost_ticks(self.graph, &before, &after);
        if !lost.is_empty() && before.next.is_none() {
            // Several answers at once wait as one change.
            let named = |question: usize, options: OptionSet| {
                let asked = &self.graph.questions[question];
                let names = asked.positions(options).map(|option| asked.options[option].name.clone()).collect();
                (asked.id.name.clone(), names)
            };
            let change = answers.iter().map(|(question, options)| named(*question, *options)).collect();
            self.session.pending = Some(Pending::Change { answers: change });
            return View::Confirm { answers };
        }
        self.apply(changed, answers, &before, &after)
    }

    fn apply(
        &mut self,
        changed: Session,
        answers: Vec<(usize, OptionSet)>,
        before: &Situation,
        after: &Situation,
    ) -> View {
        let stored = |session: &Session, question: usize| session.answer(&self.graph.questions[question]);
        let (mut noted, mut edited, mut dormant) = (Vec::new(), Vec::new(), Vec::new());
        for (question, _) in answers {
            let now = stored(&changed, question);
            match stored(&self.session, question) {
                0 => noted.push((question, now)),
                old if old != now => edited.push((question, now)),
                _ => {}
            }
            if after.values[question] == 0 && !after.open[question] && after.next.is_none() {
                dormant.push(question);
            }
        }
        self.session = changed;
        let again = noted.is_empty() && edited.is_empty();
        if !edited.is_empty() {
            self.note(Note::Changed(edited));
        }
        if !noted.is_empty() || (again && before.next.is_some()) {
            self.note(Note::Noted(noted));
        }
        if !dormant.is_empty() {
            self.note(Note::Dormant);
        }
        if before.next.is_some() && after.next.is_none() {
            self.offer(None, after);
        }
        self.here()
    }

    /// A yes or no to what is waiting.
    pub(super) fn confirm(&mut self, pending: Option<Pending>, yes: bool) -> View {
        match pending {
            Some(Pending::Meant { .. } | Pending::Change { .. } | Pending::When { .. }) if !yes => {
                self.note(Note::Kept);
                self.here()
            }
            // "Is this where you are?" Yes; any other answer names a place or a time.
            Some(pending @ Pending::Zone { .. }) => {
                let guess = self.graph.zones.iter().position(|zone| zone.name == self.known.zone_guess);
                self.session.pending = Some(pending);
                match guess {
                    Some(zone) if yes => self.set_zone(zone),
                    _ => View::Zones { guess: None },
                }
            }
            Some(Pending::When { about, replaces }) => self.ask_when(about, replaces, Vec::new()),
            Some(Pending::Meant { question, option }) => match self.find(&question, &option) {
                Some((question, option)) => self.answer(vec![(question, 1 << option)]),
                None => self.outdated(),
            },
            Some(Pending::Change { answers }) => {
                let before = self.situation();
                let mut changed = self.session.clone();
                let mut known = Vec::new();
                for (question, options) in answers {
                    let Some(question) = self.graph.question(&question) else { continue };
                    let asked = &self.graph.questions[question];
                    let options =
                        options.iter().filter_map(|name| asked.option(name)).fold(0, |set, bit| set | 1 << bit);
                    changed.set_answer(asked, options);
                    known.push((question, options));
                }
                let after = changed.situation(self.graph);
                self.apply(changed, known, &before, &after)
            }
            None => {
                self.note(Note::NothingOpen);
                self.here()
            }
        }
    }

    pub(super) fn tick(&mut self, item: &Item, on: bool, from: Option<&str>) -> View {
        let situation = self.situation();
        match item {
            Item::Step(name) => {
                let Some(step) = self.graph.step(name) else { return self.outdated() };
                if !self.graph.steps[step].when.holds(&situation.values) {
                    self.note(Note::StepGone);
                    return self.here();
                }
                self.set_step(step, on, &situation);
                if on { View::Plan } else { View::Step(step) }
            }
            Item::Paper(name) => {
                let Some(paper) = self.graph.paper(name) else { return self.outdated() };
                self.session.set_tick(Item::Paper(self.graph.papers[paper].name.clone()), on);
                from.and_then(|step| self.graph.step(step))
                    .filter(|step| self.graph.steps[*step].when.holds(&situation.values))
                    .map_or(View::Papers, View::Step)
            }
        }
    }

    fn set_step(&mut self, step: usize, on: bool, situation: &Situation) {
        let id = &self.graph.steps[step].id.name;
        if self.session.step_done(self.graph, step, situation) == on {
            return;
        }
        self.session.set_tick(Item::Step(id.clone()), on);
        self.note(if on { Note::Ticked(step) } else { Note::Unticked(step) });
        let open = self.session.open_before(self.graph, step, situation);
        if on && self.graph.steps[step].irreversible && !open.is_empty() {
            self.note(Note::TooEarly(open));
        }
        if on {
            self.offer(Some(step), situation);
        }
    }

    /// Offers the reminders that fit what was just ticked (`None`: the plan has just become ready).
    fn offer(&mut self, once: Option<usize>, situation: &Situation) {
        let fits = |offer: &Offer| {
            offer.once == once
                && offer.when.holds(&situation.values)
                && self.graph.steps[offer.about].when.holds(&situation.values)
                && !self.session.step_done(self.graph, offer.about, situation)
        };
        let offers = self.graph.offers.iter().enumerate().filter(|(_, offer)| fits(offer));
        let offers: Vec<usize> = offers.map(|(index, _)| index).collect();
        self.notes.extend(offers.into_iter().map(Note::Offer));
    }

    /// "Done": ticks the next open step. A step that asks something is done by its answer, so it is shown instead.
    pub(super) fn tick_next(&mut self, situation: &Situation) -> View {
        if situation.next.is_some() {
            self.note(Note::NotUnderstood);
            return self.here();
        }
        let plan = self.graph.plan(&situation.values);
        let next = plan.into_iter().find(|step| !self.session.step_done(self.graph, *step, situation));
        match next {
            None => View::Plan,
            Some(step) if done_by_answer(self.graph, step) => View::Step(step),
            Some(step) => {
                self.set_step(step, true, situation);
                View::Plan
            }
        }
    }
}
