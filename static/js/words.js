// How long an open answer is, while it is written. The server counts the same way, and says so too.
const WORD = /[\u3040-\u30ff\u3400-\u9fff]|(?:(?![\u3040-\u30ff\u3400-\u9fff])[\p{L}\p{N}])+(?:['’-](?:(?![\u3040-\u30ff\u3400-\u9fff])[\p{L}\p{N}])+)*/gu;

addEventListener("input", (event) => {
  const told = event.target.dataset.words && document.getElementById(event.target.dataset.words);
  if (!told) return;
  const count = event.target.value.match(WORD)?.length ?? 0;
  const fits = count >= told.dataset.least && count <= told.dataset.most;
  told.textContent = (fits ? told.dataset.fits : told.dataset.odd).replace("{n}", count);
});
