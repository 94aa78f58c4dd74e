//! Every persona, talked through the real binary by a pipe, in two languages: the plan on the screen is the plan due.

use std::io::Write;
use std::process::{Command, Stdio};

use simoff::dialogues::Source;
use simoff::dialogues::people::{Persona, read_personas};
use simoff::render::plain;

use crate::talk::dialogue;

/// Runs `simoff chat` in an empty folder and returns what it prints.
pub fn chat(arguments: &[&str], folder: &std::path::Path, lines: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_simoff"))
        .arg("chat")
        .args(arguments)
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn people() -> Vec<Persona> {
    let mut problems = Vec::new();
    let people = read_personas(&dialogue().graph, &Source::embedded(), &mut problems);
    assert!(problems.is_empty() && people.len() >= 16, "{problems:?}");
    people
}

/// The numbers a person types to give the persona's answers: one line a question, in asking order.
fn lines(persona: &Persona) -> String {
    let graph = &dialogue().graph;
    let mut lines = String::new();
    for (question, answer) in graph.questions.iter().zip(&persona.answers) {
        if *answer == 0 || question.later {
            continue;
        }
        let numbers: Vec<String> = question.positions(*answer).map(|option| (option + 1).to_string()).collect();
        lines += &format!("{}\n", numbers.join(" "));
        if question.many {
            lines += &format!("{}\n", question.options.len() + 1);
        }
    }
    lines
}

/// The numbered list of the last plan on the screen.
fn plan_on_screen(output: &str, title: &str) -> Vec<String> {
    let last = output.rsplit_once(title).unwrap_or_else(|| panic!("no plan in:\n{output}")).1;
    let listed =
        last.lines().filter_map(|line| line.split_once(") \u{2B1C} ").or_else(|| line.split_once(") \u{2705} ")));
    listed.map(|(_, name)| name.to_owned()).collect()
}

#[test]
fn every_persona_gets_their_plan_through_a_pipe() {
    let (graph, texts) = (&dialogue().graph, &dialogue().texts);
    for persona in people() {
        for (language, title) in [("zh-Hans", "你的注销计划"), ("en", "Your plan")] {
            let folder = tempfile::tempdir().unwrap();
            let mut typed = lines(&persona);
            let later = graph.questions.iter().position(|question| question.later).unwrap();
            if let Some(option) = graph.questions[later].positions(persona.answers[later]).next() {
                // Told in words, as somebody does who comes back from the store.
                typed += &format!(
                    "{}\n",
                    texts.get(
                        language,
                        &format!(
                            "q-{}.{}",
                            graph.questions[later].id.name, graph.questions[later].options[option].name
                        )
                    )
                );
            }
            typed += "/plan\n";
            let output = chat(&["--language", language], folder.path(), &typed);
            let expected: Vec<String> = graph
                .plan(&persona.answers)
                .into_iter()
                .map(|step| plain(texts.get(language, &format!("s-{}", graph.steps[step].id.name))))
                .collect();
            assert_eq!(plan_on_screen(&output, title), expected, "{} in {language}:\n{output}", persona.name);
            if language != "zh-Hans" {
                continue;
            }
            // Tomorrow they find it as they left it.
            let again = chat(&["--language", language], folder.path(), "");
            assert_eq!(plan_on_screen(&again, title), expected, "{} again", persona.name);
        }
    }
}
