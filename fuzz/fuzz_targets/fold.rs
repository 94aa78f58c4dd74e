//! Any sequence of inputs, and any stored session: the fold is total, and a session survives the store after every turn.
#![no_main]
use libfuzzer_sys::fuzz_target;
use simoff::engine::session::Session;
use simoff::engine::{Input, Other, Press};

fuzz_target!(|input: (u8, &str, Vec<(u8, u8, u8)>)| {
    let (language, stored, presses) = input;
    let language = simoff_fuzz::language(language);
    let graph = &simoff_fuzz::dialogue().graph;
    let mut session = Session::from_json(stored);
    let mut now = simoff_fuzz::monday();
    for (kind, first, second) in presses.into_iter().take(64) {
        let question = &graph.questions[usize::from(first) % graph.questions.len()];
        let option = question.options[usize::from(second) % question.options.len()].name.clone();
        let question = question.id.name.clone();
        let step = graph.steps[usize::from(first) % graph.steps.len()].id.name.clone();
        let input = match kind % 9 {
            0 | 1 => Input::Pressed(Press::Answer { question, option, seen: u16::from(kind) }),
            2 => Input::Pressed(Press::Pick { question, option, on: second % 2 == 0 }),
            3 => Input::Pressed(Press::Finish { question }),
            4 => Press::decode(&format!("t:s:{step}:{}:", if second % 2 == 0 { '+' } else { '-' }))
                .map_or(Input::Garbled, Input::Pressed),
            5 => Press::decode(&format!("w:s.{step}:d{}:", second % 90 + 1)).map_or(Input::Garbled, Input::Pressed),
            6 => Input::Due,
            7 => Input::Other(Other::File),
            _ => Input::Edited,
        };
        session = simoff_fuzz::turn(language, session, &input, now).0;
        now += jiff::SignedDuration::from_secs(i64::from(second) * 3600);
    }
});
