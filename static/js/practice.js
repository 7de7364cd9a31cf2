// Practice questions are checked without leaving the page: the server answers with the question
// alone, which takes the place of the old one, and the focus moves to what came of it.
const FIELD = "input:not([type=hidden]), select, textarea";

addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-practice]");
  if (!form) return;
  event.preventDefault();
  const asked = event.submitter;
  const body = new URLSearchParams(new FormData(form, asked));
  asked?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { "X-Requested-With": "fetch", Accept: "text/html" },
    });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    replace(form, await answer.text());
  } catch {
    form.removeAttribute("data-practice"); // the plain way then shows what is wrong
    form.requestSubmit(asked);
  }
});

function replace(form, html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const parsed = answer.querySelector("form[data-practice]");
  // What is left to do comes along when the answer changes it.
  for (const part of [".lesson-outline", ".lesson-bar"]) {
    const fresh = answer.querySelector(part);
    if (!fresh) continue;
    const old = document.querySelector(part);
    const fold = old.querySelector("[data-fold]"); // stays as it is
    if (fold) fresh.querySelector("[data-fold]")?.replaceWith(fold);
    const scrolled = old.firstElementChild.scrollTop;
    old.replaceWith(fresh);
    fresh.firstElementChild.scrollTop = scrolled;
  }
  form.replaceWith(parsed);
  const told = parsed.querySelector(".outcome")
    ?? parsed.querySelector("[aria-invalid=true]")
    ?? parsed.querySelector(".hints details:last-child summary")
    ?? parsed.querySelector(FIELD);
  told?.focus();
}

// "Try again" clears the question where it stands: the same address, fetched anew.
addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-retry]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const form = link.closest("form[data-practice]");
  try {
    const page = await fetch(link.href.split("#")[0]);
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById(form.id);
    form.replaceWith(fresh);
    fresh.querySelector(FIELD)?.focus();
  } catch {
    location.assign(link.href);
  }
});
