// An attempt saves each answer as it is given. Without this script the Save button does the same.

const form = document.querySelector("[data-attempt]");
const status = form?.querySelector("[data-status] > span:last-child");
const words = form?.dataset ?? {};
const storage = form ? `attempt:${new URL(form.action).pathname}` : "";
const waiting = new Map(); // question number → the fields to send
let sending = false;
let retry = 1000;

const say = (text, lost = false) => {
  status.textContent = text;
  status.parentElement.classList.toggle("saved-lost", lost);
};

// ---------------------------------------------------------------------------------------- saving

function fieldsOf(number) {
  const box = form.querySelector(`[data-question="${number}"]`);
  const fields = [];
  for (const input of box.querySelectorAll("input, textarea, select")) {
    const ticked = !["checkbox", "radio"].includes(input.type) || input.checked;
    if (ticked) fields.push([input.name, input.value]);
  }
  return fields;
}

function changed(number) {
  waiting.set(number, fieldsOf(number));
  const sequence = form.elements[`sequence-${number}`];
  sequence.value = Number(sequence.value) + 1;
  keep();
  paint(number);
  send();
}

function keep() {
  try {
    if (waiting.size) sessionStorage.setItem(storage, JSON.stringify([...waiting]));
    else sessionStorage.removeItem(storage);
  } catch {
    // A browser without storage still sends; it only cannot survive a reload while offline.
  }
}

async function send() {
  if (sending || !waiting.size) return;
  sending = true;
  say(words.saving);
  const batch = [...waiting];
  const body = new URLSearchParams(batch.flatMap(([, fields]) => fields));
  for (const name of ["csrf_token", "tab"]) body.set(name, form.elements[name].value);
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual",
    });
    if (answer.status === 409) {
      const found = await answer.json().catch(() => ({}));
      settle(batch);
      say(found.stale?.length ? words.stale : words.closed, true);
      if (!found.stale?.length) location.assign(words.result);
    } else if (answer.status === 422) {
      settle(batch);
    } else if (!answer.ok) {
      throw new Error(answer.status);
    } else {
      settle(batch);
      retry = 1000;
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
      say(words.saved.replace("{time}", time));
    }
  } catch {
    say(words.lost, true);
    setTimeout(send, retry);
    retry = Math.min(retry * 2, 15000);
  }
  sending = false;
  if (waiting.size && retry === 1000) send();
}

function settle(batch) {
  for (const [number, fields] of batch) {
    if (waiting.get(number) === fields) waiting.delete(number);
  }
  keep();
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
    if (!box) continue;
    for (const input of box.querySelectorAll("input:not([type=hidden]), textarea, select")) {
      const values = names.get(input.name) ?? [];
      if (["checkbox", "radio"].includes(input.type)) input.checked = values.includes(input.value);
      else input.value = values[0] ?? "";
    }
    changed(number);
  }
}

if (form) {
  let typing;
  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-question]");
    if (box) changed(box.dataset.question);
  });
  form.addEventListener("input", (event) => {
    if (event.target.type !== "text") return;
    clearTimeout(typing);
    const box = event.target.closest("[data-question]");
    typing = setTimeout(() => changed(box.dataset.question), 800);
  });
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });
  form.addEventListener("submit", () => waiting.clear());
  restore();
}
clock();
