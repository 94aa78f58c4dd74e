//! "Where from?": every step, topic and contact tells its sources and their age.

use jiff::Timestamp;
use simoff::engine::reply::{Reply, View};
use simoff::engine::session::Session;
use simoff::engine::{Input, Press, Show};
use simoff::render::{plain, screen};

use crate::talk::{dialogue, monday, turn_at};

fn text(language: &str, view: View, now: Timestamp) -> String {
    let reply = Reply { notes: Vec::new(), view };
    plain(&screen(dialogue(), language, &Session::default(), &reply, now).text)
}

#[test]
fn a_source_is_a_page_and_a_date_in_the_persons_language() {
    for (language, said) in [("zh-Hans", "官方页面"), ("en", "official page"), ("ru", "Официальная"), ("az", "Rəsmi")]
    {
        let show = Input::Pressed(Press::Show(Show::TopicSources("refused".into())));
        let (_, reply) = turn_at(language, Session::default(), &show, monday());
        let text = text(language, reply.view, monday());
        for part in [said, "icta.az", "2026-11-22"] {
            assert!(text.contains(part), "{language}: {part} is not in {text}");
        }
    }
}

#[test]
fn what_quotes_nothing_says_so() {
    let topic = dialogue().graph.topic("agents").unwrap();
    assert!(text("en", View::TopicSources(topic), monday()).contains("No number or address is quoted here"));
}

#[test]
fn a_fact_past_its_date_is_shown_with_a_warning() {
    let topic = dialogue().graph.topic("monthly_fee").unwrap();
    let warning = "may have changed";
    assert!(!text("en", View::Topic(topic), monday()).contains(warning));
    let years_later: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
    assert!(text("en", View::Topic(topic), years_later).contains(warning));
    assert!(text("en", View::TopicSources(topic), years_later).contains(warning));
    assert!(text("en", View::Contacts, years_later).contains(warning));
}

#[test]
fn topics_are_short_enough_to_be_read() {
    // Six hundred characters are what an answer may have; the longest addresses are not counted, nobody reads them.
    let dialogue = dialogue();
    for topic in &dialogue.graph.topics {
        for language in &dialogue.graph.languages {
            let answer = plain(dialogue.texts.get(language, &format!("f-{}.answer", topic.name)));
            let words: Vec<&str> = answer.split_whitespace().filter(|word| !word.starts_with("https://")).collect();
            let length = words.join(" ").chars().count();
            assert!(length < 600, "{} has {length} characters in {language}", topic.name);
        }
    }
}
