//! The card for the counter and the offline pack, for every persona in every language.

use simoff::dialogues::Source;
use simoff::dialogues::people::{Persona, read_personas};
use simoff::engine::reply::{Reply, View};
use simoff::engine::session::Session;
use simoff::render::{MAX_SCREEN_UNITS, Screen, plain, screen, units};

use crate::talk::{dialogue, monday};

fn people() -> Vec<Persona> {
    let mut problems = Vec::new();
    let people = read_personas(&dialogue().graph, &Source::embedded(), &mut problems);
    assert!(problems.is_empty());
    people
}

fn show(persona: &Persona, language: &str, view: View) -> Screen {
    let session = Session::with_values(&dialogue().graph, &persona.answers);
    screen(dialogue(), language, &session, &Reply { notes: Vec::new(), view }, monday())
}

fn persona<'a>(people: &'a [Persona], name: &str) -> &'a Persona {
    people.iter().find(|persona| persona.name == name).unwrap()
}

#[test]
fn the_card_says_what_fits_in_both_languages() {
    let people = people();
    for persona in &people {
        for language in &dialogue().graph.languages {
            let card = show(persona, language, View::Card);
            assert!(units(&card) <= MAX_SCREEN_UNITS);
            let text = plain(&card.text);
            assert!(text.contains("müqaviləyə xitam vermək istəyirəm: +994 __ ___ __ __"), "{text}");
            assert!(text.contains("nömrənin tamamilə ləğv edilməsini"), "cancelling, not closing: {text}");
            assert!(text.contains(dialogue().texts.get(language, "k-proof")), "{text}");
        }
    }
    for (name, said, unsaid) in [
        ("azercell-online", "Bu, eSIM-dir", "SIM kartım"),
        ("azercell-store", "SIM kartım", "eSIM"),
        ("nar-arrears", "Borc varsa", "Balansda qalan"),
        ("azercell-online", "Balansda qalan", "Borc varsa"),
        ("azercell-abroad-helper", "Etibarnamə", "eSIM"),
    ] {
        let text = show(persona(&people, name), "zh-Hans", View::Card).text;
        assert!(text.contains(said) && !text.contains(unsaid), "{name}: {text}");
    }
}

#[test]
fn the_pack_is_one_file_with_everything() {
    let people = people();
    for persona in &people {
        for language in &dialogue().graph.languages {
            let graph = &dialogue().graph;
            let file = show(persona, language, View::Pack).file.expect("a file");
            let html = file.text;
            assert_eq!(file.name, "simoff-plan.html");
            for step in graph.plan(&persona.answers) {
                let name = dialogue().texts.get(language, &format!("s-{}", graph.steps[step].id.name));
                assert!(html.contains(name), "{}: {name}", persona.name);
            }
            // Nothing is loaded from anywhere: no script, no link, no image, no style from outside.
            for foreign in ["<script", "<link", "<img", "src=", "@import", "url(", "<iframe", "\u{0}"] {
                assert!(!html.contains(foreign), "{foreign}");
            }
            for tag in ["section", "h2", "p", "ul", "li", "b", "code", "label", "span"] {
                let count = |mark: String| html.matches(&mark).count();
                let opened = count(format!("<{tag}>")) + count(format!("<{tag} "));
                assert_eq!(opened, count(format!("</{tag}>")), "{tag} in {} {language}", persona.name);
            }
            assert!(html.contains(&format!("<html lang=\"{language}\">")) && html.contains("charset=\"utf-8\""));
        }
    }
    let letter = "nömrəsinin abunəçisiyəm";
    for (name, has) in [
        ("bakcell-abroad", true),
        ("azercell-abroad-alone", true),
        ("azercell-store", false),
        ("azercell-online", false),
    ] {
        let html = show(persona(&people, name), "zh-Hans", View::Pack).file.unwrap().text;
        assert_eq!(html.contains(letter), has, "{name}");
    }
}
