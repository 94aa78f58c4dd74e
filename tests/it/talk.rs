//! The engine through its one door: rows of talk, and ten thousand random inputs.

use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use simoff::dialogues::texts::ZONE_GUESS;
use simoff::dialogues::{Dialogue, Source, load};
use simoff::engine::reply::{Note, Reply, View};
use simoff::engine::session::{About, Item, Pending, Session};
use simoff::engine::when::Preset;
use simoff::engine::{Input, Other, Press, Show, StepContext, step};
use simoff::render::{MAX_CHOICES, MAX_SCREEN_UNITS, screen, units};
use std::sync::OnceLock;

/// The dialogue that is shipped, on a day when every fact is fresh.
pub fn dialogue() -> &'static Dialogue {
    static DIALOGUE: OnceLock<Dialogue> = OnceLock::new();
    DIALOGUE.get_or_init(|| load(&Source::embedded(), date(2026, 11, 23)).dialogue.expect("the dialogue is sound"))
}

/// Monday noon in Baku, when nothing else is said.
pub fn monday() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

/// One turn in a language, with the session stored and loaded in between, as in production.
pub fn turn(language: &str, session: Session, input: &Input) -> (Session, Reply) {
    turn_at(language, session, input, monday())
}

/// One turn at a time of the test's choosing.
pub fn turn_at(language: &str, session: Session, input: &Input, now: Timestamp) -> (Session, Reply) {
    let dialogue = dialogue();
    let others = dialogue.graph.languages.iter().filter(|tag| *tag != language);
    let lexicons = std::iter::once(dialogue.lexicon(language)).chain(others.map(|tag| dialogue.lexicon(tag))).collect();
    let zone_guess = dialogue.texts.get(language, ZONE_GUESS);
    let known = StepContext { graph: &dialogue.graph, lexicons, zone_guess, chance: [7; 10] };
    let (session, reply) = step(&known, session, input, now);
    let stored = serde_json::to_string(&session).unwrap();
    let loaded: Session = serde_json::from_str(&stored).unwrap();
    assert_eq!(loaded, session, "a session survives the store");
    (loaded, reply)
}

fn answers(session: &Session) -> String {
    let line = session
        .answers
        .iter()
        .map(|(question, options)| format!("{question}={}", options.iter().cloned().collect::<Vec<_>>().join("+")));
    line.collect::<Vec<_>>().join(" ")
}

/// Says something to somebody new, or somebody with these answers, and tells what was understood.
fn check(language: &str, before: &[(&str, &str)], text: &str, expect: &str) {
    let mut session = Session::default();
    for (question, option) in before {
        session.answers.insert((*question).into(), option.split('+').map(str::to_owned).collect());
    }
    let (after, reply) = turn(language, session.clone(), &Input::Text(text.into()));
    let got = match &reply.view {
        View::DidYouMean(meanings) => {
            let (graph, mut names) = (&dialogue().graph, Vec::new());
            for meaning in meanings {
                match *meaning {
                    simoff::dialogues::words::Meaning::Option { question, option } => {
                        names.push(format!(
                            "{}={}",
                            graph.questions[question].id.name, graph.questions[question].options[option].name
                        ));
                    }
                    simoff::dialogues::words::Meaning::Topic(topic) => names.push(graph.topics[topic].name.clone()),
                }
            }
            format!("? {}", names.join(" "))
        }
        View::Topic(topic) => format!("topic {}", dialogue().graph.topics[*topic].name),
        _ if reply.notes.contains(&Note::NotUnderstood) => "not understood".into(),
        _ if reply.notes.contains(&Note::Sensitive) => "sensitive".into(),
        view if after == session => format!("{view:?}").split('(').next().unwrap().to_owned(),
        _ => answers(&after),
    };
    assert_eq!(got, expect, "{language}: {text:?} after {before:?}");
    if got == "not understood" || got == "sensitive" || got.starts_with("topic") {
        assert_eq!(after.answers, session.answers, "nothing is lost by {text:?}");
    }
}

#[test]
fn words_are_understood_as_a_person_means_them() {
    let azercell = &[("operator", "azercell")][..];
    let at_place = &[
        ("operator", "bakcell"),
        ("holder", "me"),
        ("status", "kept"),
        ("balance", "settled"),
        ("bundled", "plain"),
        ("sim", "card"),
    ][..];
    for (before, text, expect) in [
        (&[][..], "我的 Azercell 卡欠费了", "operator=azercell status=in_arrears"),
        (&[], "azercell", "operator=azercell"),
        (&[], "AZERCELL!", "operator=azercell"),
        (&[], "azercel", "? operator=azercell"),
        (&[], "bakcel", "? operator=bakcell"),
        (&[], "3", "operator=nar"),
        (&[], "9", "not understood"),
        (&[], "不知道", "operator=unsure"),
        (&[], "Azercell 還是 Bakcell", "? operator=azercell operator=bakcell"),
        (&[], "我的卡停機了", "status=suspended"),
        (&[], "没有停机", "status=kept"),
        (&[], "我没有欠费", "? status=in_arrears"),
        (&[], "欠费怎么办", "? status=in_arrears"),
        (&[], "欠费会影响征信吗", "topic debt"),
        (&[], "停机和注销有什么区别?", "topic closing"),
        (&[], "101 能打吗", "topic emergency"),
        (&[], "胡说八道", "not understood"),
        (&[], "", "not understood"),
        (&[], "   ", "not understood"),
        (&[], "证件", "Papers"),
        (&[], "客服电话", "Contacts"),
        (&[], "帮助", "Help"),
        (&[], "我的号码是 0501234567", "sensitive"),
        (&[], "P<CHNZHANG<<SAN<<<<<<<<", "sensitive"),
        (&[], "验证码 48151", "sensitive"),
        (&[], "my PIN is 4815", "sensitive"),
        (&[], "код 1234", "sensitive"),
        (&[], "FIN 5ZK1A9B", "sensitive"),
        (azercell, "我自己", "holder=me operator=azercell"),
        (azercell, "其实是 Bakcell", "operator=bakcell"),
        (azercell, "不确定", "holder=unsure operator=azercell"),
        (
            at_place,
            "是的",
            "balance=settled bundled=plain holder=me operator=bakcell place=in_country sim=card status=kept",
        ),
        (
            at_place,
            "不在",
            "balance=settled bundled=plain holder=me operator=bakcell place=abroad sim=card status=kept",
        ),
        (
            at_place,
            "我在国外,卡上还挂着 telegram 和支付宝",
            "accounts=money+telegram balance=settled bundled=plain holder=me operator=bakcell place=abroad sim=card status=kept",
        ),
        (&[], "my Azercell card is in arrears", "operator=azercell status=in_arrears"),
    ] {
        check("zh-Hans", before, text, expect);
    }
    for (before, text, expect) in [
        (&[][..], "my Azercell card is in arrears", "operator=azercell status=in_arrears"),
        (&[], "I don\u{2019}t know", "operator=unsure"),
        (&[], "Azercel", "? operator=azercell"),
        (&[], "it is not suspended", "status=kept"),
        (&[], "narrow", "not understood"),
        (&[], "can I get a refund?", "topic refund"),
        (&[], "what if the card is suspended", "? status=suspended"),
        (&[], "我的卡欠费了", "status=in_arrears"),
        (
            at_place,
            "yes",
            "balance=settled bundled=plain holder=me operator=bakcell place=in_country sim=card status=kept",
        ),
        (azercell, "yes", "not understood"),
        (&[], "plan", "Question"),
        (&[], "help", "Help"),
    ] {
        check("en", before, text, expect);
    }
}

#[test]
fn every_language_understands_its_own_words() {
    for (language, text, expect) in [
        ("ru", "у меня Azercell и есть долг", "operator=azercell status=in_arrears"),
        ("ru", "не заблокирована", "status=kept"),
        ("ru", "не знаю", "operator=unsure"),
        ("ru", "бакcелл", "? operator=bakcell"),
        ("ru", "вернут ли деньги", "topic refund"),
        ("ru", "документы", "Papers"),
        ("ru", "абракадабра", "not understood"),
        ("az", "Azercell kartımda borc var", "operator=azercell status=in_arrears"),
        ("az", "bilmirəm", "operator=unsure"),
        ("az", "hansı sənədlər lazımdır", "topic documents"),
        ("az", "xətt bağlanıb", "status=suspended"),
        ("az", "kömək", "Help"),
    ] {
        check(language, &[], text, expect);
    }
}

#[test]
fn yes_answers_did_you_mean() {
    let (session, _) = turn("zh-Hans", Session::default(), &Input::Text("azercel".into()));
    assert!(matches!(session.pending, Some(Pending::Meant { .. })));
    let (yes, _) = turn("zh-Hans", session.clone(), &Input::Text("是".into()));
    assert_eq!(answers(&yes), "operator=azercell");
    let (no, reply) = turn("zh-Hans", session, &Input::Text("不是".into()));
    assert_eq!((answers(&no).as_str(), reply.notes), ("", vec![Note::Kept]));
}

/// A complete set of answers, with the plan ready.
fn planned() -> Session {
    let mut session = Session::default();
    for (question, option) in [
        ("operator", "azercell"),
        ("holder", "me"),
        ("status", "suspended"),
        ("balance", "settled"),
        ("bundled", "bundled"),
        ("sim", "card"),
        ("place", "in_country"),
        ("leaving", "later"),
        ("way", "store"),
        ("accounts", "telegram"),
        ("receives", "receiving"),
    ] {
        session.answers.insert(question.into(), [option.to_owned()].into());
    }
    session
}

fn press(session: Session, press: Press) -> (Session, Reply) {
    turn("zh-Hans", session, &Input::Pressed(press))
}

fn tick(name: &str, on: bool) -> Press {
    Press::Tick { item: Item::Step(name.into()), on, from: None }
}

fn answer(question: &str, option: &str, seen: u16) -> Press {
    Press::Answer { question: question.into(), option: option.into(), seen }
}

#[test]
fn old_buttons_are_edits_and_ticks_survive_them() {
    let (session, _) = press(planned(), tick("save_telegram", true));
    // A button from the first day: an edit, and the tick stays.
    let (session, reply) = press(session, answer("status", "kept", 0));
    assert!(matches!(reply.notes[..], [Note::Changed(_)]), "{reply:?}");
    assert_eq!(reply.view, View::Plan);
    assert!(session.ticks.contains(&Item::Step("save_telegram".into())));
    // Tapped twice: the second tap changes nothing.
    let (again, _) = press(session.clone(), answer("status", "kept", 0));
    assert_eq!(again, session);
}

#[test]
fn an_edit_that_drops_ticks_is_shown_before_it_is_made() {
    let (session, _) = press(planned(), tick("lift_suspension", true));
    let seen = session.fingerprint();
    let (waiting, reply) = press(session.clone(), answer("status", "kept", seen));
    assert!(matches!(reply.view, View::Confirm { .. }));
    assert_eq!(waiting.answers, session.answers, "nothing is changed yet");
    let (changed, _) = press(waiting.clone(), Press::Confirm { yes: true, seen });
    assert_eq!(changed.answers["status"], ["kept".to_owned()].into());
    let (kept, _) = press(waiting.clone(), Press::Confirm { yes: false, seen });
    assert_eq!(kept.answers, session.answers);
    // A yes to something else, or too late, changes nothing.
    let (stale, reply) = press(waiting, Press::Confirm { yes: true, seen: seen.wrapping_add(1) });
    assert_eq!((stale.answers, reply.notes), (session.answers.clone(), vec![Note::NothingOpen]));
    let (_, reply) = press(changed, Press::Confirm { yes: true, seen });
    assert_eq!(reply.notes, vec![Note::NothingOpen]);
}

#[test]
fn answers_hidden_by_a_change_lie_dormant_and_come_back() {
    let session = planned();
    let (session, _) = press(session, answer("holder", "unreachable", 0));
    let graph = &dialogue().graph;
    assert_eq!(session.situation(graph).values[graph.question("status").unwrap()], 0);
    let (session, reply) = press(session, answer("holder", "me", 0));
    assert_eq!(reply.view, View::Plan);
    assert_eq!(session.answers, planned().answers);
}

#[test]
fn the_irreversible_step_warns_and_done_ticks_the_next() {
    let (_, reply) = press(planned(), tick("visit_store", true));
    assert!(reply.notes.iter().any(|note| matches!(note, Note::TooEarly(_))), "{reply:?}");
    let (session, reply) = turn("zh-Hans", planned(), &Input::Text("完成".into()));
    assert!(session.ticks.contains(&Item::Step("save_telegram".into())), "{reply:?}");
    // The last step is done by proof, not by a tick.
    let (session, _) = press(planned(), tick("confirm_result", true));
    let graph = &dialogue().graph;
    let step = graph.step("confirm_result").unwrap();
    assert!(!session.step_done(graph, step, &session.situation(graph)));
    let (session, _) = press(session, answer("result", "proven", 0));
    assert!(session.step_done(graph, step, &session.situation(graph)));
}

#[test]
fn start_always_works_and_forget_leaves_nothing() {
    let (session, reply) = turn("zh-Hans", planned(), &Input::Text("/start".into()));
    assert_eq!((reply.notes, reply.view), (vec![Note::WelcomeBack], View::Plan));
    let (asked, reply) = turn("zh-Hans", session, &Input::Text("/forget".into()));
    assert_eq!(reply.view, View::Forget);
    let (gone, reply) = press(asked, Press::Forget { yes: true });
    assert_eq!((gone, reply.view), (Session::default(), View::Forgotten));
}

fn abouts() -> impl Strategy<Value = About> {
    let steps = ["visit_store", "save_telegram", "gone"].map(|name| About::Step(name.into()));
    prop::sample::select([About::Hotline, About::Papers].into_iter().chain(steps).collect::<Vec<_>>())
}

fn presets() -> impl Strategy<Value = Preset> {
    prop::sample::select(vec![
        Preset::Hour,
        Preset::Evening,
        Preset::Tomorrow,
        Preset::ThreeDays,
        Preset::Monday,
        Preset::Days(21),
    ])
}

/// Any button: of ours, of another version, or forged.
fn presses() -> impl Strategy<Value = Input> {
    let graph = &dialogue().graph;
    let questions: Vec<String> =
        graph.questions.iter().map(|question| question.id.name.clone()).chain(["gone".into()]).collect();
    let options: Vec<String> =
        graph.questions.iter().flat_map(|question| question.options.iter().map(|id| id.name.clone())).collect();
    let steps: Vec<String> = graph.steps.iter().map(|step| step.id.name.clone()).chain(["gone".into()]).collect();
    let papers: Vec<String> = graph.papers.iter().map(|paper| paper.name.clone()).collect();
    let topics: Vec<String> = graph.topics.iter().map(|topic| topic.name.clone()).collect();
    let id = |names: Vec<String>| prop::sample::select(names);
    let fitting: Vec<(String, String)> = graph
        .questions
        .iter()
        .flat_map(|question| {
            question.options.iter().map(|option| (question.id.name.clone(), option.name.clone())).collect::<Vec<_>>()
        })
        .collect();
    let press = prop_oneof![
        8 => (prop::sample::select(fitting.clone()), any::<u16>()).prop_map(|((question, option), seen)| Press::Answer { question, option, seen }),
        4 => (prop::sample::select(fitting), any::<bool>()).prop_map(|((question, option), on)| Press::Pick { question, option, on }),
        2 => (id(questions.clone()), id(options), any::<u16>()).prop_map(|(question, option, seen)| Press::Answer { question, option, seen }),
        2 => id(questions.clone()).prop_map(|question| Press::Finish { question }),
        4 => (id(steps.clone()), any::<bool>()).prop_map(|(name, on)| Press::Tick { item: Item::Step(name), on, from: None }),
        2 => (id(papers), any::<bool>(), id(steps.clone())).prop_map(|(name, on, from)| Press::Tick { item: Item::Paper(name), on, from: Some(from) }),
        1 => id(steps.clone()).prop_map(|id| Press::Show(Show::Step(id))),
        1 => id(steps).prop_map(|id| Press::Show(Show::Why(id))),
        1 => id(topics).prop_map(|id| Press::Show(Show::Topic(id))),
        1 => id(questions.clone()).prop_map(|id| Press::Show(Show::Question(id))),
        1 => id(questions).prop_map(|id| Press::Show(Show::WhyAsked(id))),
        1 => prop::sample::select(vec![Show::Here, Show::Plan, Show::Papers, Show::Contacts, Show::Topics, Show::Answers, Show::Languages, Show::Forget, Show::Help]).prop_map(Press::Show),
        1 => (any::<bool>(), any::<u16>()).prop_map(|(yes, seen)| Press::Confirm { yes, seen }),
        1 => any::<bool>().prop_map(|yes| Press::Forget { yes }),
        3 => (abouts(), prop::option::of(presets()), prop::option::of(0u32..5)).prop_map(|(about, preset, replaces)| Press::Remind { about, preset, replaces }),
        1 => (abouts(), 1_790_000_000i64..1_810_000_000).prop_map(|(about, second)| Press::RemindAt { about, second, replaces: None }),
        2 => prop::sample::select(vec!["baku", "berlin", "new_york", "gone"]).prop_map(|zone| Press::Zone(zone.into())),
        1 => (0u32..5).prop_map(Press::CancelReminder),
        1 => (0u32..5).prop_map(Press::Calendar),
        1 => prop::sample::select(vec![Show::RemindMenu, Show::Card, Show::Pack, Show::Reminders, Show::Zones, Show::Reminder("1".into()), Show::Reminder("x".into())]).prop_map(Press::Show),
        1 => Just(Press::StartOver),
        1 => Just(Press::Start),
        1 => prop::sample::select(vec!["en", "zh-Hans", "tlh"]).prop_map(|tag| Press::Language(tag.into())),
    ];
    press.prop_map(Input::Pressed)
}

/// Anything at all.
fn inputs() -> impl Strategy<Value = Input> {
    let words: Vec<String> = dialogue()
        .graph
        .languages
        .iter()
        .flat_map(|tag| dialogue().lexicon(tag).phrases().map(|(phrase, _)| phrase.to_owned()))
        .collect();
    let sentence = prop::collection::vec(prop::sample::select(words), 1..4).prop_map(|words| words.join(" "));
    prop_oneof![
        6 => presses(),
        3 => sentence.prop_map(Input::Text),
        2 => any::<String>().prop_map(Input::Text),
        1 => "/[a-z@ ]{0,12}".prop_map(Input::Text),
        1 => any::<String>().prop_map(|data| Press::decode(&data).map_or(Input::Garbled, Input::Pressed)),
        1 => prop::sample::select(vec![Other::Picture, Other::Voice, Other::File, Other::Unknown]).prop_map(Input::Other),
        1 => Just(Input::Garbled),
        1 => (-90i16..=90, -180i16..=180).prop_map(|(north, east)| Input::Located { north, east }),
        2 => Just(Input::Due),
        2 => "(in |\\+)?[0-9]{1,3} ?(m|h|days|weeks|分钟|天|小时)(后| later)?".prop_map(Input::Text),
        1 => "(明天|后天|tomorrow |next )?[0-9]{1,2}(点|:[0-9]{2}| pm)".prop_map(Input::Text),
    ]
}

proptest! {
    // 250 talks of 40 inputs: ten thousand.
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_inputs_is_survived(talk in prop::collection::vec(inputs(), 40)) {
        let (dialogue, mut session) = (dialogue(), Session::default());
        for input in talk {
            let before = session.clone();
            let (after, reply) = turn("zh-Hans", session, &input);
            prop_assert_eq!((after.clone(), reply.clone()), turn("zh-Hans", before, &input), "deterministic");
            for language in &dialogue.graph.languages {
                let screen = screen(dialogue, language, &after, &reply, monday());
                prop_assert_eq!(screen.text.trim().is_empty(), reply.view == View::Silence);
                prop_assert!(units(&screen) <= MAX_SCREEN_UNITS);
                prop_assert!(screen.choices.len() <= MAX_CHOICES);
                for choice in &screen.choices {
                    prop_assert!(Press::decode(&choice.press).is_some(), "{}", choice.press);
                    prop_assert!((1..=64).contains(&choice.press.len()));
                    prop_assert!(!choice.label.is_empty());
                }
            }
            session = after;
        }
        // Whatever happened, /start and the plan's own questions lead on.
        let (session, _) = turn("zh-Hans", session, &Input::Text("/start".into()));
        let situation = session.situation(&dialogue.graph);
        prop_assert!(situation.next.is_some() || !dialogue.graph.plan(&situation.values).is_empty());
    }
}
