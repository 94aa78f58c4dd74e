// The page works without this: its forms post, and the answer is on the page. Here the same forms are sent without
// leaving the page, and the page is looked at again when something came by itself.

const now = document.getElementById("now");
const past = document.getElementById("past");
const status = document.getElementById("status");
const field = document.getElementById("text");
const title = document.title;
let busy = false;
let news = null;
// The newest screen that we were told of.
let told = 0;

/** The title within a screen, by which the same list is known again after a tick. */
const heading = (article) => article?.querySelector("b")?.textContent ?? "";

/** Takes over what another look at the page has found. Screens that are still there are left alone, and so is the focus in them. */
function take(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const there = fresh.getElementById("now");
  if (!there) {
    status.textContent = fresh.getElementById("notice")?.textContent ?? document.body.dataset.offline;
    return false;
  }
  if (fresh.documentElement.lang !== document.documentElement.lang) {
    location.reload();
    return true;
  }
  status.textContent = "";
  const kept = new Set([...there.children].map((article) => article.id).filter((id) => id !== "s0"));
  for (const article of [...now.children]) {
    if (!kept.has(article.id)) article.remove();
  }
  let before = null;
  for (const article of [...there.children]) {
    const node = document.getElementById(article.id) ?? document.adoptNode(article);
    if (!node.isConnected) before ? before.after(node) : now.prepend(node);
    before = node;
  }
  now.dataset.newest = there.dataset.newest;
  if ("live" in there.dataset) listen();
  return true;
}

async function ask(options) {
  busy = true;
  now.setAttribute("aria-busy", "true");
  try {
    const response = await fetch("/", options);
    return take(await response.text());
  } catch {
    status.textContent = document.body.dataset.offline;
    return false;
  } finally {
    busy = false;
    now.removeAttribute("aria-busy");
  }
}

/** Looks again where something came while we were busy. */
function catchUp() {
  if (told > Number(now.dataset.newest)) look();
}

/** Looks at the page again. */
async function look() {
  if (busy) return;
  now.setAttribute("aria-live", "polite");
  const before = now.lastElementChild;
  if (!(await ask({}))) return;
  if (document.hidden) document.title = `\u23F0 ${title}`;
  // Whoever is writing is not led away from it.
  if (now.lastElementChild !== before && !field.value) now.lastElementChild.scrollIntoView({ block: "nearest" });
}

/** What a person has typed, and what it answered, stays above as words; its buttons go. */
function remember(words) {
  for (const article of [...now.children]) {
    const copy = article.cloneNode(true);
    copy.removeAttribute("id");
    copy.querySelectorAll("form").forEach((form) => form.remove());
    past.append(copy);
  }
  const bubble = document.createElement("article");
  bubble.className = "words";
  const who = document.createElement("span");
  who.className = "unseen";
  who.textContent = document.body.dataset.you;
  bubble.append(who, words);
  past.append(bubble);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const pressed = event.submitter;
  if (!pressed) return;
  event.preventDefault();
  if (busy) return;
  const data = new URLSearchParams(new FormData(form));
  if (pressed.name) data.set(pressed.name, pressed.value);
  const words = form.id === "say" ? field.value : "";
  const article = form.closest("article");
  const place = article ? [...form.elements].indexOf(pressed) : -1;
  const [title, number] = [heading(article), now.children.length];
  const before = words ? [...now.children] : [];
  // What is pressed is read from where the focus goes; what is typed, from what is new.
  now.setAttribute("aria-live", words ? "polite" : "off");
  if (words) remember(words);
  const done = await ask({ method: "POST", body: data });
  if (done) catchUp();
  if (words && !done) {
    past.lastElementChild?.remove();
    for (const _ of before) past.lastElementChild?.remove();
    return;
  }
  if (!done) return;
  const newest = now.lastElementChild;
  if (words) {
    field.value = "";
    newest?.scrollIntoView({ block: "start" });
    return;
  }
  form.closest("details")?.removeAttribute("open");
  const again = newest?.querySelector("form")?.elements[place];
  const same = article && number === now.children.length && title === heading(newest) && again;
  if (same) {
    again.focus();
  } else {
    newest?.focus({ preventScroll: true });
    newest?.scrollIntoView({ block: "start" });
  }
});

/** Listens for what the bot says by itself. */
function listen() {
  if (news && news.readyState !== EventSource.CLOSED) return;
  news = new EventSource("/events");
  news.onmessage = (event) => {
    told = Number(event.data);
    if (event.data !== now.dataset.newest) look();
  };
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  document.title = title;
  if (news?.readyState === EventSource.CLOSED) {
    listen();
    look();
  }
});

// Back from the browser's cache, where time has stood still.
addEventListener("pageshow", (event) => {
  if (event.persisted) look();
});

if (now && "live" in now.dataset) listen();
