//! From `dialogue.toml` to the structure. What is wrong becomes a problem with its place; the rest is read.

use toml::Spanned;
use toml::de::DeValue;

use super::{Atom, Graph, Guard, Id, Link, MAX_ID_BYTES, MAX_OPTIONS, Offer, Part, Question, Step, Zone};
use crate::dialogues::Problem;
use crate::dialogues::toml_reader::{At, TomlReader, document, strings};

/// Reads `dialogue.toml`. What is wrong becomes a problem; the rest is read.
pub fn parse(file: &str, text: &str, problems: &mut Vec<Problem>) -> Graph {
    let document = document(file, text, problems);
    let mut top = TomlReader::new(file, "dialogue", document.get_ref(), 0..0);
    let mut graph = Graph { file: file.to_owned(), ..Graph::default() };

    if top.get("schema").and_then(|value| value.get_ref().as_integer()).is_none_or(|number| number.as_str() != "1") {
        problems.push(Problem::error(file, 0..0, "this program reads `schema = 1` only"));
    }
    graph.id = top.string("id", problems).unwrap_or_default().value;
    graph.languages = top.strings("languages", problems).into_iter().map(|tag| tag.value).collect();
    if graph.languages.is_empty() {
        problems.push(Problem::error(file, 0..0, "there is no `languages` list"));
    }
    if let Some(fallback) = top.string("fallback", problems) {
        if !graph.languages.contains(&fallback.value) {
            problems.push(Problem::error(file, fallback.span, "`fallback` is not one of the `languages`"));
        }
        graph.fallback = fallback.value;
    }

    for mut fields in top.tables("question", problems) {
        let Some(question) = read_question(file, &graph, &mut fields, problems) else { continue };
        fields.finish(problems);
        graph.questions.push(question);
    }
    let mut steps: Vec<Step> = Vec::new();
    for mut fields in top.tables("step", problems) {
        let Some(step) = read_step(file, &graph, &steps, &mut fields, problems) else { continue };
        fields.finish(problems);
        for part in &step.papers {
            if graph.paper(&part.id.name).is_none() {
                graph.papers.push(part.id.clone());
            }
        }
        steps.push(step);
    }
    graph.steps = steps;
    for mut fields in top.tables("contact", problems) {
        if let Some(id) = read_id(file, &mut fields, problems) {
            unique(file, "contact", &id, graph.contacts.iter().map(|contact| &contact.id), problems);
            let when = read_guard(file, &graph, &mut fields, "when", problems);
            graph.contacts.push(Part { id, when });
        }
        fields.finish(problems);
    }
    if let Some(counter) = top.string("counter", problems) {
        if !graph.languages.contains(&counter.value) {
            problems.push(Problem::error(file, counter.span, "`counter` is not one of the `languages`"));
        }
        graph.counter = counter.value;
    }
    for mut fields in top.tables("line", problems) {
        if let Some(id) = read_id(file, &mut fields, problems) {
            unique(file, "line", &id, graph.lines.iter().map(|line| &line.id), problems);
            let when = read_guard(file, &graph, &mut fields, "when", problems);
            graph.lines.push(Part { id, when });
        }
        fields.finish(problems);
    }
    for mut fields in top.tables("topic", problems) {
        if let Some(id) = read_id(file, &mut fields, problems) {
            unique(file, "topic", &id, graph.topics.iter(), problems);
            graph.topics.push(id);
        }
        fields.finish(problems);
    }
    for mut fields in top.tables("link", problems) {
        if let Some(link) = read_link(file, &graph, &mut fields, problems) {
            unique(file, "link", &link.id, graph.links.iter().map(|link| &link.id), problems);
            graph.links.push(link);
        }
        fields.finish(problems);
    }
    for mut fields in top.tables("zone", problems) {
        if let Some(zone) = read_zone(file, &mut fields, problems) {
            unique(file, "zone", &zone.id, graph.zones.iter().map(|zone| &zone.id), problems);
            graph.zones.push(zone);
        }
        fields.finish(problems);
    }
    if graph.zones.is_empty() {
        problems.push(Problem::error(file, 0..0, "there is no `[[zone]]`: where are the operators?"));
    }
    for mut fields in top.tables("offer", problems) {
        if let Some(offer) = read_offer(file, &graph, &mut fields, problems) {
            unique(file, "offer", &offer.id, graph.offers.iter().map(|offer| &offer.id), problems);
            graph.offers.push(offer);
        }
        fields.finish(problems);
    }
    graph.closed = read_guard(file, &graph, &mut top, "closed", problems);
    if graph.closed.any.is_empty() {
        problems.push(Problem::error(file, 0..0, "there is no `closed` guard: when is a case closed?"));
    }
    top.finish(problems);
    graph
}

fn read_question(file: &str, graph: &Graph, fields: &mut TomlReader, problems: &mut Vec<Problem>) -> Option<Question> {
    let id = read_id(file, fields, problems)?;
    unique(file, "question", &id, graph.questions.iter().map(|question| &question.id), problems);
    let mut options: Vec<Id> = Vec::new();
    for item in fields.items("options", problems) {
        let mut was = Vec::new();
        if let Some(mut rest) = item.rest {
            rest.get("id");
            was = rest.strings("was", problems).into_iter().map(|name| name.value).collect();
            rest.finish(problems);
        }
        let option = Id { name: item.id.value, was, span: item.id.span };
        shape(file, &option, problems);
        unique(file, "option", &option, options.iter(), problems);
        if ["name", "why"].contains(&option.name.as_str()) {
            let message = format!("an option cannot be called `{}`: the question's own text has that key", option.name);
            problems.push(Problem::error(file, option.span.clone(), message));
        }
        options.push(option);
    }
    if options.len() < 2 || options.len() > MAX_OPTIONS {
        let message = format!("`{}` needs two to {MAX_OPTIONS} options", id.name);
        problems.push(Problem::error(file, id.span.clone(), message));
        return None;
    }
    let ask_if = read_guard(file, graph, fields, "ask_if", problems);
    let many = fields.flag("many", problems);
    let later = fields.flag("later", problems);
    let mut alone = 0;
    for name in fields.strings("alone", problems) {
        match options.iter().position(|option| option.name == name.value) {
            Some(option) if many => alone |= 1 << option,
            Some(_) => problems.push(Problem::error(file, name.span, "`alone` is for questions with `many = true`")),
            None => problems.push(unknown_option(file, &name, &id.name, &options)),
        }
    }
    Some(Question { id, options, ask_if, many, alone, later })
}

fn read_step(
    file: &str,
    graph: &Graph,
    above: &[Step],
    fields: &mut TomlReader,
    problems: &mut Vec<Problem>,
) -> Option<Step> {
    let id = read_id(file, fields, problems)?;
    unique(file, "step", &id, above.iter().map(|step| &step.id), problems);
    let when = read_guard(file, graph, fields, "when", problems);
    let mut after = Vec::new();
    for name in fields.strings("after", problems) {
        match above.iter().position(|step| step.id.name == name.value) {
            Some(step) => after.push(step),
            None => {
                let message = format!("`after` names `{}`, which is not a step above `{}`", name.value, id.name);
                problems
                    .push(Problem::error(file, name.span, message).help(
                        "steps stand in the order in which they are done; move one of the two, or mend the name",
                    ));
            }
        }
    }
    let mut asks = Vec::new();
    for name in fields.strings("asks", problems) {
        match graph.question(&name.value) {
            Some(question) => asks.push(question),
            None => {
                problems.push(Problem::error(file, name.span, format!("there is no question `{}`", name.value)));
            }
        }
    }
    let papers = read_parts(file, graph, fields, "papers", problems);
    let notes = read_parts(file, graph, fields, "notes", problems);
    let protects = fields.strings("protects", problems).into_iter().map(|name| name.value).collect();
    let irreversible = fields.flag("irreversible", problems);
    let hotline = fields.flag("hotline", problems);
    let letter = fields.get("letter").is_some().then(|| read_guard(file, graph, fields, "letter", problems));
    Some(Step { id, when, after, papers, notes, asks, protects, irreversible, hotline, letter })
}

fn read_link(file: &str, graph: &Graph, fields: &mut TomlReader, problems: &mut Vec<Problem>) -> Option<Link> {
    let id = read_id(file, fields, problems);
    let guard = read_guard(file, graph, fields, "answers", problems);
    let [table] = &guard.any[..] else {
        problems.push(Problem::error(file, fields.span.clone(), "a link has one table of `answers`"));
        return None;
    };
    let answers = table.iter().map(|atom| (atom.question, atom.options)).collect();
    let several = |atom: &&Atom| graph.questions[atom.question].complete(atom.options) != atom.options;
    if let Some(atom) = table.iter().find(several) {
        let message = format!("a link gives one answer to `{}`", graph.questions[atom.question].id.name);
        problems.push(Problem::error(file, fields.span.clone(), message));
    }
    Some(Link { id: id?, answers })
}

fn read_zone(file: &str, fields: &mut TomlReader, problems: &mut Vec<Problem>) -> Option<Zone> {
    let id = read_id(file, fields, problems);
    let name = fields.string("name", problems);
    let at = fields.numbers("at", problems);
    let name = name?;
    if jiff::tz::TimeZone::get(&name.value).is_err() {
        let message = format!("`{}` is not an IANA time zone", name.value);
        problems.push(Problem::error(file, name.span.clone(), message));
        return None;
    }
    match at[..] {
        [north, east] => Some(Zone { id: id?, name: name.value, at: (north, east) }),
        _ => {
            problems.push(Problem::error(file, name.span, "a zone has `at = [degrees north, degrees east]`"));
            None
        }
    }
}

fn read_offer(file: &str, graph: &Graph, fields: &mut TomlReader, problems: &mut Vec<Problem>) -> Option<Offer> {
    let id = read_id(file, fields, problems);
    let when = read_guard(file, graph, fields, "when", problems);
    let find = |name: At<String>, problems: &mut Vec<Problem>| {
        let step = graph.steps.iter().position(|step| step.id.name == name.value);
        if step.is_none() {
            problems.push(Problem::error(file, name.span, format!("there is no step `{}`", name.value)));
        }
        step
    };
    let about = fields.string("about", problems).and_then(|name| find(name, problems));
    let once = fields.strings("once", problems).into_iter().next().and_then(|name| find(name, problems));
    let days = fields.numbers("days", problems);
    let days = days.first().map(|days| days.round()).filter(|days| (1.0..=90.0).contains(days));
    let Some(days) = days else {
        problems.push(Problem::error(file, fields.span.clone(), "an offer has `days` from 1 to 90"));
        return None;
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 1 to 90")]
    Some(Offer { id: id?, when, about: about?, once, days: days as u8 })
}

fn read_parts(
    file: &str,
    graph: &Graph,
    fields: &mut TomlReader,
    key: &'static str,
    problems: &mut Vec<Problem>,
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for item in fields.items(key, problems) {
        let id = Id { name: item.id.value, was: Vec::new(), span: item.id.span };
        shape(file, &id, problems);
        unique(file, key, &id, parts.iter().map(|part| &part.id), problems);
        let mut when = Guard::default();
        if let Some(mut rest) = item.rest {
            rest.get("id");
            when = read_guard(file, graph, &mut rest, "when", problems);
            rest.finish(problems);
        }
        parts.push(Part { id, when });
    }
    parts
}

fn read_id(file: &str, fields: &mut TomlReader, problems: &mut Vec<Problem>) -> Option<Id> {
    let name = fields.string("id", problems)?;
    let was = fields.strings("was", problems).into_iter().map(|name| name.value).collect();
    let id = Id { name: name.value, was, span: name.span };
    shape(file, &id, problems);
    Some(id)
}

fn shape(file: &str, id: &Id, problems: &mut Vec<Problem>) {
    let letters = |name: &str| name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    let starts = id.name.starts_with(|first: char| first.is_ascii_lowercase());
    if !starts || !letters(&id.name) || id.name.len() > MAX_ID_BYTES {
        let message = format!("`{}` is not an id", id.name);
        problems.push(
            Problem::error(file, id.span.clone(), message)
                .help(format!("use a-z, 0-9 and _, begin with a letter, {MAX_ID_BYTES} characters at most")),
        );
    }
}

fn unique<'a>(file: &str, what: &str, id: &Id, mut others: impl Iterator<Item = &'a Id>, problems: &mut Vec<Problem>) {
    let clash = |other: &&Id| id.answers_to(&other.name) || id.was.iter().any(|was| other.answers_to(was));
    if others.any(|other| clash(&other) || other.answers_to(&id.name)) {
        problems.push(Problem::error(file, id.span.clone(), format!("`{}` is already taken in {what}", id.name)));
    }
}

fn unknown_option(file: &str, name: &At<String>, question: &str, options: &[Id]) -> Problem {
    let known = options.iter().map(|option| option.name.as_str()).collect::<Vec<_>>().join(", ");
    Problem::error(file, name.span.clone(), format!("`{question}` has no option `{}`", name.value))
        .help(format!("its options are: {known}"))
}

/// A guard under `key`: one table, or a list of tables of which any may hold. Names only questions in `graph` so far.
fn read_guard(
    file: &str,
    graph: &Graph,
    fields: &mut TomlReader,
    key: &'static str,
    problems: &mut Vec<Problem>,
) -> Guard {
    let Some(value) = fields.get(key) else { return Guard::default() };
    let mut any = Vec::new();
    match value.get_ref() {
        DeValue::Table(_) => any.extend(read_table(file, graph, value, problems)),
        DeValue::Array(tables) => {
            for table in tables.iter() {
                any.extend(read_table(file, graph, table, problems));
            }
        }
        _ => problems.push(
            Problem::error(file, value.span(), format!("`{key}` must be a table, or a list of tables"))
                .help("for example: { place = \"abroad\", sim = [\"card\", \"esim\"] }"),
        ),
    }
    Guard { any }
}

fn read_table(file: &str, graph: &Graph, value: &Spanned<DeValue>, problems: &mut Vec<Problem>) -> Option<Vec<Atom>> {
    let Some(table) = value.get_ref().as_table().filter(|table| !table.is_empty()) else {
        problems.push(Problem::error(file, value.span(), "a guard is a table of questions and options"));
        return None;
    };
    let mut atoms = Vec::new();
    for (name, value) in table.iter() {
        let Some(question) = graph.questions.iter().position(|question| question.id.name == name.get_ref().as_ref())
        else {
            let message = format!("the guard names `{}`, which is not a question above", name.get_ref());
            problems.push(
                Problem::error(file, name.span(), message)
                    .help("a guard may only name questions that are asked before it is needed"),
            );
            continue;
        };
        let target = &graph.questions[question];
        let mut options = 0;
        for name in strings(file, &target.id.name, value, problems) {
            match target.options.iter().position(|option| option.name == name.value) {
                Some(option) => options |= 1 << option,
                None => problems.push(unknown_option(file, &name, &target.id.name, &target.options)),
            }
        }
        if options != 0 {
            atoms.push(Atom { question, options });
        }
    }
    (!atoms.is_empty()).then_some(atoms)
}
