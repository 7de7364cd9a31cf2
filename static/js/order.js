// Things to put in order can also be moved by buttons. The drop-downs stay, and say the same.
//
// Fields are told apart by the order in which they stand in the form as the server made it, so
// whoever reads them puts those with a data-slot back into it.

const places = (list) => [...list.querySelectorAll("select[data-slot]")];
const place = (row) => Number(row.querySelector("select").value);

function enhance(list) {
  if (list.dataset.ready) return;
  list.dataset.ready = "yes";
  for (const row of list.children) {
    const words = row.querySelector("[data-item]").textContent.trim();
    const box = document.createElement("span");
    box.className = "slot-moves";
    for (const [way, sign] of [["up", "↑"], ["down", "↓"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-plain";
      button.dataset.move = way;
      button.textContent = sign;
      button.setAttribute("aria-label", list.dataset[way].replace("{item}", words));
      box.append(button);
    }
    row.append(box);
  }
  const chosen = places(list).map((field) => field.value);
  if (chosen.every(Boolean) && new Set(chosen).size === chosen.length) sort(list);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(list, button.closest("li"), button);
  });
}

const sort = (list) => list.append(...[...list.children].sort((a, b) => place(a) - place(b)));

// Each row gets a place: what was chosen stands, and the others fill what is free.
function fill(list) {
  const rows = [...list.children];
  const taken = new Map();
  for (const row of rows) if (place(row) && !taken.has(place(row))) taken.set(place(row), row);
  const free = rows.map((_row, at) => at + 1).filter((at) => !taken.has(at));
  const kept = new Set(taken.values());
  for (const row of rows) if (!kept.has(row)) row.querySelector("select").value = free.shift();
  sort(list);
}

function move(list, row, button) {
  fill(list);
  const rows = [...list.children];
  const from = rows.indexOf(row);
  const to = from + (button.dataset.move === "up" ? -1 : 1);
  if (rows[to]) {
    row.querySelector("select").value = to + 1;
    rows[to].querySelector("select").value = from + 1;
    sort(list);
  }
  row.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
  button.focus(); // it moved, and took the focus off
  const voice = list.parentElement.querySelector("[data-order-voice]");
  if (voice) {
    voice.textContent = list.dataset.moved
      .replace("{item}", row.querySelector("[data-item]").textContent.trim())
      .replace("{place}", place(row)).replace("{total}", rows.length);
  }
}

// What is sent stands in the server's order, however the rows were moved.
addEventListener("formdata", (event) => {
  for (const list of event.target.querySelectorAll("[data-order]")) {
    const fields = places(list).sort((a, b) => a.dataset.slot - b.dataset.slot);
    if (!fields.length) continue;
    event.formData.delete(fields[0].name);
    for (const field of fields) event.formData.append(field.name, field.value);
  }
});

const all = (root) => root.querySelectorAll("[data-order]").forEach(enhance);
all(document);
// A practice question that was checked is another one.
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.querySelectorAll) all(node);
}).observe(document.body, { childList: true, subtree: true });
