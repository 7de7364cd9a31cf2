// The preview follows the files: after each save only what changed on the page is exchanged, so the
// place in the text, the focus and half-given answers stay. Without this script a reload does it.

const bar = document.querySelector("[data-preview]");
let shown = Number(bar.dataset.preview);
let source;
let fetching = false;

// ---------------------------------------------------------------------------------------- news

function listen() {
  source?.close();
  source = new EventSource("/preview/events");
  source.onmessage = (event) => {
    bar.classList.remove("is-ended");
    follow(Number(event.data));
  };
  source.onerror = () => ended();
}

// A hidden page asks for nothing, so that many open pages do not use up the browser's connections.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) source?.close();
  else listen();
});
addEventListener("pagehide", () => source?.close());

function ended() {
  bar.classList.add("is-ended");
  bar.setAttribute("aria-label", bar.dataset.ended);
  bar.title = bar.dataset.ended;
}

async function follow(version) {
  if (version === shown || fetching) return;
  fetching = true;
  try {
    // What a form answered cannot be fetched again; the page it stands on can.
    const answer = await fetch(location.href.split("#")[0], { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-preview]");
    if (!fresh || answer.redirected) return location.reload();
    document.title = page.title;
    const before = document.querySelectorAll(".is-fresh");
    for (const one of before) one.classList.remove("is-fresh");
    for (const part of ["[data-preview]", "main"]) {
      morph(document.querySelector(part), page.querySelector(part));
    }
    shown = Number(fresh.dataset.preview);
  } catch {
    ended();
  } finally {
    fetching = false;
  }
}

// ---------------------------------------------------------------------------------- one to other

const KEPT = ["open", "aria-expanded", "data-copied-now"]; // what the reader or a script did

function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return mark(fresh);
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return mark(old.parentElement);
  }
  attributes(old, fresh);
  children(old, fresh);
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !KEPT.includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value && !KEPT.includes(name)) old.setAttribute(name, value);
  }
}

// What is alike at the beginning and at the end stays; the middle is compared one by one.
function children(old, fresh) {
  const mine = [...old.childNodes];
  const theirs = [...fresh.childNodes];
  let tail = null; // the first node of the common end: new ones go before it
  while (mine.length && theirs.length && mine[0].isEqualNode(theirs[0])) {
    mine.shift();
    theirs.shift();
  }
  while (mine.length && theirs.length && mine.at(-1).isEqualNode(theirs.at(-1))) {
    tail = mine.pop();
    theirs.pop();
  }
  const common = Math.min(mine.length, theirs.length);
  for (let at = 0; at < common; at += 1) morph(mine[at], theirs[at]);
  for (const gone of mine.slice(common)) gone.remove();
  for (const added of theirs.slice(common)) {
    old.insertBefore(added, tail);
    mark(added);
  }
}

// A short light on what is new, so that the eye finds it.
function mark(node) {
  const element = node?.nodeType === Node.ELEMENT_NODE ? node : null;
  if (element?.closest("main")) element.classList.add("is-fresh");
}

// ------------------------------------------------------------------------------------ in passing

addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  try {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.dataset.copiedNow = "";
    setTimeout(() => delete copy.dataset.copiedNow, 1500);
  } catch {
    // No clipboard here; the text beside the button can be selected.
  }
});

// In the narrow frame a link turns the whole page, so that the bar knows where one is.
if ("framed" in bar.dataset) {
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin || "retry" in link.dataset) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    top.location.assign(link.href);
  });
}

if (!document.hidden) listen();
