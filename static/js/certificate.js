// Shows the name on the paper while it is typed, and looks whether a certificate is printed yet.

const field = document.querySelector("[data-name]");
const name = document.querySelector("[data-paper-name]");
if (field && name) {
  const show = () => {
    name.textContent = field.value.replace(/\s+/g, " ").trim() || "\u00a0";
  };
  field.addEventListener("input", show);
  show();
}

const LONGEST = 30_000; // milliseconds between two looks
let wait = 1500;

async function look() {
  try {
    const page = await (await fetch(location.href, { headers: { Accept: "text/html" } })).text();
    if (!page.includes('data-certificate="waiting"')) return location.reload();
  } catch {
    // Offline for a moment: the next look tells.
  }
  wait = Math.min(wait * 1.6, LONGEST);
  return setTimeout(look, wait);
}

if (document.querySelector('[data-certificate="waiting"]')) setTimeout(look, wait);
