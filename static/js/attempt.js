// An attempt saves each answer as it is given. Without this script the Save button does the same.

const form = document.querySelector("[data-attempt]");
const status = form?.querySelector("[data-status] > span:last-child");
const words = form?.dataset ?? {};
const storage = form ? `attempt:${new URL(form.action).pathname}` : "";
const waiting = new Map(); // question number → the fields to send
const given = new Map(); // the same for all that was given on this page, kept in the browser
let sending = false;
let pause; // until typing is over, or until the next try
let lost = false;
let retry = 1000;

const say = (text, bad = false) => {
  status.textContent = text;
  status.parentElement.classList.toggle("saved-lost", bad);
};

// ---------------------------------------------------------------------------------------- saving

// Rows that were moved (see order.js) still count in the order in which the server made them.
const inputs = (box) => [...box.querySelectorAll("input, textarea, select")]
  .sort((a, b) => (a.dataset.slot ?? 0) - (b.dataset.slot ?? 0));

function fieldsOf(number) {
  const box = form.querySelector(`[data-question="${number}"]`);
  const fields = [];
  for (const input of inputs(box)) {
    const ticked = !["checkbox", "radio"].includes(input.type) || input.checked;
    if (ticked) fields.push([input.name, input.value]);
  }
  return fields;
}

function changed(number, wait = 0) {
  const fields = fieldsOf(number);
  waiting.set(number, fields);
  given.set(number, fields);
  const sequence = form.elements[`sequence-${number}`];
  sequence.value = Number(sequence.value) + 1;
  try {
    sessionStorage.setItem(storage, JSON.stringify([...given]));
  } catch {
    // A browser without storage still sends; it only cannot survive a reload while offline.
  }
  paint(number);
  clearTimeout(pause);
  pause = setTimeout(send, wait);
}

async function send() {
  clearTimeout(pause);
  if (sending || !waiting.size) return;
  sending = true;
  if (!lost) say(words.saving);
  const batch = [...waiting];
  const body = new URLSearchParams(batch.flatMap(([, fields]) => fields));
  for (const name of ["csrf_token", "tab"]) body.set(name, form.elements[name].value);
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual",
      keepalive: String(body).length < 60000, // arrives even when the page is left now
    });
    if (answer.status === 409) {
      const found = await answer.json().catch(() => ({}));
      settle(batch);
      say(found.stale?.length ? words.stale : words.closed, true);
      if (!found.stale?.length) location.assign(words.result);
    } else if (answer.status === 422) {
      form.requestSubmit(form.elements.save); // the plain way says what is wrong
    } else if (!answer.ok) {
      throw new Error(answer.status);
    } else {
      settle(batch);
      retry = 1000;
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
      say(words.saved.replace("{time}", time));
    }
  } catch {
    lost = true;
    say(words.lost, true);
    pause = setTimeout(send, retry);
    retry = Math.min(retry * 2, 15000);
  }
  sending = false;
  if (waiting.size && !lost) send();
}

function settle(batch) {
  lost = false;
  for (const [number, fields] of batch) {
    if (waiting.get(number) === fields) waiting.delete(number);
  }
}

// --------------------------------------------------------------------------------------- palette

function paint(number) {
  const box = form.querySelector(`[data-question="${number}"]`);
  const cell = form.querySelector(`[data-cell="${number}"]`);
  const answered = [...box.querySelectorAll(`[name="answer-${number}"]`)].some((input) =>
    ["checkbox", "radio"].includes(input.type) ? input.checked : input.value.trim());
  cell?.classList.toggle("is-answered", answered);
  cell?.classList.toggle("is-flagged", Boolean(box.querySelector(`[name="flag-${number}"]`)?.checked));
}

// ----------------------------------------------------------------------------------------- clock

function clock() {
  const box = document.querySelector("[data-timer]");
  if (!box) return;
  const shown = box.querySelector("time");
  const voice = box.querySelector("[data-timer-voice]");
  const end = performance.now() + Number(box.dataset.timer) * 1000;
  const announced = new Set();
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    const minutes = Math.floor(left / 60);
    shown.textContent = left ? `${minutes}:${String(left % 60).padStart(2, "0")}` : box.dataset.over;
    box.classList.toggle("timer-low", left <= 300 && left > 60);
    box.classList.toggle("timer-end", left <= 60);
    for (const mark of [10, 5, 1]) {
      if (left <= mark * 60 && left > (mark - 1) * 60 && !announced.has(mark)) {
        announced.add(mark);
        voice.textContent = box.dataset.announce.replace("{n}", mark);
      }
    }
    if (left) setTimeout(tick, 1000);
    else if (form) location.assign(words.result);
  };
  tick();
}

// ----------------------------------------------------------------------------------------- start

function restore() {
  let kept = [];
  try {
    kept = JSON.parse(sessionStorage.getItem(storage) ?? "[]");
  } catch {
    return;
  }
  for (const [number, fields] of kept) {
    const names = new Map();
    for (const [name, value] of fields) names.set(name, [...(names.get(name) ?? []), value]);
    const box = form.querySelector(`[data-question="${number}"]`);
    const sequence = form.elements[`sequence-${number}`];
    const [reached] = names.get(`sequence-${number}`) ?? [];
    // The server may have answered with a page from before the last save; else its page is newer.
    if (!box || !reached || Number(reached) < Number(sequence.value)) continue;
    sequence.value = reached;
    for (const input of inputs(box)) {
      if (input.type === "hidden") continue;
      const values = names.get(input.name) ?? [];
      if (["checkbox", "radio"].includes(input.type)) input.checked = values.includes(input.value);
      else input.value = values.shift() ?? ""; // fields of one name: a value for each, in order
    }
    changed(number);
  }
}

if (form) {
  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-question]");
    if (box) changed(box.dataset.question);
  });
  form.addEventListener("input", (event) => {
    if (!["text", "textarea"].includes(event.target.type)) return;
    changed(event.target.closest("[data-question]").dataset.question, 800);
  });
  addEventListener("online", send);
  addEventListener("pagehide", send);
  addEventListener("beforeunload", (event) => {
    if (lost && waiting.size) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    clearTimeout(pause);
    waiting.clear(); // the form carries it all
  });
  if (!form.querySelector("[data-cell].is-answered")) say(words.auto);
  restore();
}
clock();
