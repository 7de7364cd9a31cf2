// What every page gains from a script: menus that close, colours without a reload, focus after an
// action, passwords that can be shown, a tray of contents that folds. All of it works without.
const root = document.documentElement;
root.classList.add("scripted");

// Menus close by Escape, by a click elsewhere, and when the focus leaves.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}
addEventListener("click", (event) => closeMenus(event.target));
addEventListener("focusin", (event) => closeMenus(event.target));
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (document.querySelector(".lesson-outline:target")) {
    location.hash = "main";
    document.querySelector('.lesson-contents a[href="#contents"]')?.focus();
  }
});

// Colours change at once; the form behind the button tells the server.
addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-preference]");
  if (!form || event.submitter?.name !== "theme") return;
  event.preventDefault();
  const { value } = event.submitter;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  if (value) root.dataset.theme = value;
  else delete root.dataset.theme;
  for (const button of document.querySelectorAll('button[name="theme"][aria-pressed]')) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
  const other = [...document.querySelectorAll('header button[name="theme"]')].find((button) => button.offsetParent);
  if (form.closest("header")) other?.focus();
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
  } catch {
    // Kept for this page only; the next press tries again.
  }
});

// After an action the focus stands where the answer is.
document.querySelector("[data-focus]")?.focus();

// A password that can be read while it is typed.
for (const field of document.querySelectorAll("[data-password]")) {
  const input = field.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? field.dataset.hide : field.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.setAttribute("aria-label", field.dataset.label);
  button.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false));
  input.after(button);
  show(false);
}

// The row of this lesson stands in sight in a long tray.
const tray = document.querySelector(".lesson-outline-inner");
const row = tray?.querySelector("[aria-current]");
if (row && tray.scrollHeight > tray.clientHeight) {
  tray.scrollTop += row.getBoundingClientRect().top - tray.getBoundingClientRect().top - tray.clientHeight / 3;
}

// A tray that folds away on wide screens, and stays so.
const fold = document.querySelector("[data-fold]");
if (fold) {
  const lesson = fold.closest(".lesson");
  const set = (folded) => {
    lesson.classList.toggle("is-wide", folded);
    fold.setAttribute("aria-expanded", String(!folded));
  };
  fold.addEventListener("click", () => {
    const folded = !lesson.classList.contains("is-wide");
    set(folded);
    try { localStorage.setItem("contents", folded ? "folded" : ""); } catch { /* not kept */ }
  });
  let kept = "";
  try { kept = localStorage.getItem("contents"); } catch { /* not kept */ }
  set(kept === "folded");
}
