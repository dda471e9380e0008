// Evidence is marked in the text without loading the page again; without this script the links do the same.
const text = document.getElementById("text");
const whole = text && text.textContent;

function mark(from, to) {
  const letters = Array.from(whole); // spans count characters, as Python does
  const piece = document.createElement("mark");
  piece.id = "mark";
  piece.tabIndex = -1;
  piece.textContent = letters.slice(from, to).join("");
  text.replaceChildren(letters.slice(0, from).join(""), piece, letters.slice(to).join(""));
  piece.scrollIntoView({ block: "center" });
  piece.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="?from="]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const span = new URL(link.href).searchParams;
  mark(Number(span.get("from")), Number(span.get("to")));
  for (const other of document.querySelectorAll("a[aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  history.replaceState(null, "", link.href);
});
