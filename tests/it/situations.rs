//! All situations, not samples: each is walked through the real fold and rendered in every language.

use std::collections::HashSet;
use std::ops::ControlFlow;

use simoff::dialogues::analysis::{Analysis, visit_all};
use simoff::engine::reply::{Reply, View};
use simoff::engine::session::Session;
use simoff::render::{MAX_CHOICES, MAX_SCREEN_UNITS, Screen, plain, screen, units};

use crate::talk::{dialogue, monday};

/// The numbers that the guide prints as hotlines, and the line that says what they are.
const EMERGENCY: [&str; 4] = ["101", "102", "103", "112"];

fn stands_alone(text: &str, number: &str) -> bool {
    let digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit() || letter == '*');
    text.match_indices(number)
        .any(|(at, _)| !digit(text[..at].chars().next_back()) && !digit(text[at + number.len()..].chars().next()))
}

fn check(screen: &Screen) {
    assert!(units(screen) <= MAX_SCREEN_UNITS, "{} units: {}", units(screen), screen.text);
    assert!(screen.choices.len() <= MAX_CHOICES);
    for line in plain(&screen.text).lines() {
        for number in EMERGENCY {
            if stands_alone(line, number) {
                let names = [
                    "火警",
                    "报警",
                    "急救",
                    "fire brigade",
                    "police",
                    "ambulance",
                    "пожарная",
                    "полиция",
                    "скорая",
                    "yanğınsöndürmə",
                    "polis",
                    "təcili tibbi",
                ];
                let warned = line.contains('\u{26A0}') && names.iter().any(|name| line.contains(name));
                assert!(warned, "an emergency number as if it were a hotline: {line}");
            }
        }
    }
}

#[test]
fn every_situation_ends_in_a_plan_that_fits_every_channel() {
    let dialogue = dialogue();
    let graph = &dialogue.graph;
    let (mut situations, mut plans, mut steps) = (0u128, HashSet::new(), HashSet::new());
    let walked: ControlFlow<()> = visit_all(graph, &mut |values| {
        situations += 1;
        let situation = graph.fold(|question| values[question]);
        assert_eq!(situation.values, values, "the fold keeps what was answered");
        assert_eq!(situation.next, None, "every question has its answer");
        let plan = graph.plan(values);
        assert!(!plan.is_empty());
        // Irreversible steps come after everything that protects.
        for (position, step) in plan.iter().enumerate().filter(|(_, step)| graph.steps[**step].irreversible) {
            let later = &plan[position + 1..];
            assert!(
                later.iter().all(|later| graph.steps[*later].protects.is_empty()),
                "{}",
                graph.steps[*step].id.name
            );
        }
        // What a step's screen shows depends on the step, its parts and the contacts: each such screen once.
        let mut look = Vec::new();
        for step in &plan {
            let known = &graph.steps[*step];
            let parts = known.papers.iter().chain(&known.notes).map(|part| part.when.holds(values));
            let contacts = graph.contacts.iter().map(|contact| known.hotline && contact.when.holds(values));
            look.push((
                *step,
                parts.chain(contacts).collect::<Vec<_>>(),
                known.asks.iter().map(|question| values[*question]).collect::<Vec<_>>(),
            ));
        }
        let session = || Session::with_values(graph, values);
        for key in look {
            let step = key.0;
            if steps.insert(key) {
                for language in &graph.languages {
                    let reply = Reply { notes: Vec::new(), view: View::Step(step) };
                    check(&screen(dialogue, language, &session(), &reply, monday()));
                }
            }
        }
        if plans.insert(plan) {
            for language in &graph.languages {
                for view in [View::Plan, View::Papers, View::Contacts, View::Answers] {
                    check(&screen(dialogue, language, &session(), &Reply { notes: Vec::new(), view }, monday()));
                }
            }
        }
        ControlFlow::Continue(())
    });
    assert!(walked.is_continue());
    // The decision diagram counts the same situations without walking them one by one.
    assert_eq!(situations, Analysis::of(graph).situations);
    assert!(plans.len() > 100 && steps.len() > graph.steps.len(), "{} plans, {} screens", plans.len(), steps.len());
}

#[test]
fn every_screen_that_does_not_depend_on_the_situation_fits_too() {
    let dialogue = dialogue();
    let graph = &dialogue.graph;
    let topics = (0..graph.topics.len()).map(View::Topic);
    let questions =
        (0..graph.questions.len()).flat_map(|question| [View::Question(question), View::WhyAsked(question)]);
    let views =
        topics.chain(questions).chain([View::Topics, View::Languages, View::Help, View::Forget, View::Forgotten]);
    for view in views {
        for language in &graph.languages {
            let screen = screen(
                dialogue,
                language,
                &Session::default(),
                &Reply { notes: Vec::new(), view: view.clone() },
                monday(),
            );
            assert!(units(&screen) <= MAX_SCREEN_UNITS && screen.choices.len() <= MAX_CHOICES, "{view:?}");
            let is_topic_of_numbers = matches!(view, View::Topic(topic) if graph.topics[topic].name == "emergency");
            if !is_topic_of_numbers {
                check(&screen);
            }
        }
    }
}
