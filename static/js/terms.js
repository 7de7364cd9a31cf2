// The meaning of a term beside its link: when the pointer rests on it, when it has the focus, and
// at the first tap. Escape, a tap elsewhere and moving on close it. Without this the link leads to
// the page of the glossary.
const GAP = 8;
let open = null; // the link whose note is shown
let wait = 0;

const noteOf = (link) => document.getElementById(`term-${decodeURIComponent(link.hash.slice(1))}`);
const termAt = (event) => event.target.closest?.("a.term");
const noteAt = (event) => event.target.closest?.(".term-note");

function show(link) {
  clearTimeout(wait);
  if (open === link) return;
  hide();
  const note = noteOf(link);
  if (!note) return;
  open = link;
  note.showPopover();
  place();
}

function hide() {
  clearTimeout(wait);
  if (!open) return;
  noteOf(open)?.hidePopover();
  open = null;
}

function later(act, delay) {
  clearTimeout(wait);
  wait = setTimeout(act, delay);
}

// Under the link, or above it where there is no room; always within the window.
function place() {
  if (!open) return;
  const note = noteOf(open);
  const link = open.getClientRects()[0];
  if (!link) return;
  const rtl = getComputedStyle(note).direction === "rtl";
  const start = rtl ? link.right - note.offsetWidth : link.left;
  const below = link.bottom + GAP;
  const fits = below + note.offsetHeight <= innerHeight - GAP;
  const top = fits ? below : Math.max(GAP, link.top - GAP - note.offsetHeight);
  note.style.left = `${Math.max(GAP, Math.min(start, innerWidth - note.offsetWidth - GAP))}px`;
  note.style.top = `${top}px`;
}

if ("popover" in HTMLElement.prototype) {
  for (const note of document.querySelectorAll(".term-note")) {
    note.popover = "manual";
    note.hidden = false;
  }
  for (const link of document.querySelectorAll("a.term")) {
    const note = noteOf(link);
    if (note) link.setAttribute("aria-describedby", `${note.id}-meaning`);
  }

  addEventListener("focusin", (event) => {
    const link = termAt(event);
    if (link?.matches(":focus-visible")) show(link);
    else if (!noteAt(event)) hide();
  });
  addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const link = termAt(event);
    if (link) later(() => show(link), open ? 0 : 200);
    else if (noteAt(event)) clearTimeout(wait);
    else if (open && document.activeElement !== open) later(hide, 250);
    else if (!open) clearTimeout(wait);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  let tapped = null;
  addEventListener("pointerdown", (event) => {
    const link = termAt(event);
    tapped = event.pointerType === "mouse" || link === open ? null : link;
    if (!link && !noteAt(event)) hide();
  });
  addEventListener("click", (event) => {
    const link = termAt(event);
    if (!link || link !== tapped) return;
    event.preventDefault(); // the first tap explains, the second goes there
    show(link);
  });
  addEventListener("scroll", place, { passive: true });
  addEventListener("resize", place);
}
