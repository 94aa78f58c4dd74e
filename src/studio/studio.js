// Follows what is edited and what is said: the parts that are live are taken from a fresh look at the same page.

let edition = null;
// A form that is being filled in is not taken away.
let filling = false;
addEventListener("input", () => { filling = true; });

async function look() {
  const response = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const there = fresh.getElementById(part.id);
    if (there && there.innerHTML !== part.innerHTML && !(filling && part.querySelector("form"))) {
      part.replaceChildren(...there.childNodes);
    }
  }
}

new EventSource("/studio/events").onmessage = async (event) => {
  await look();
  // The talk looks for itself when something is said; a newcomer's greeting changes only with the content.
  if (edition !== null && edition !== event.data) document.getElementById("talk")?.contentWindow.location.reload();
  edition = event.data;
};
