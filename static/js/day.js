// The calendars of a day work without this. With it a card moves to another hour of its column, and where the calendar
// crosses to another column: dragged, or lifted with the space bar and carried with the arrow keys. The server decides;
// its answer is this page again, with the card where it is now, and why where that is where it was.

const form = document.getElementById("move-card");
const said = document.getElementById("move-said");
const crosses = Boolean(document.querySelector(".day[data-crosses]"));
const MOVED = "day-moved";
let dragged = null;
let lifted = null;
let target = null;

const cellOf = (element) => element.closest?.("td[data-column]");
const isIn = (cell, card) => cell === cellOf(card);
const mayDrop = (card, cell) =>
  form && card && cell && !isIn(cell, card) && (crosses || cell.dataset.column === cellOf(card).dataset.column);
const move = (card, cell) => {
  // Across to another column within its hour, a card keeps its minutes.
  const isSameHour = cell.parentElement === cellOf(card).parentElement;
  form.action = card.dataset.move;
  form.elements["move-local"].value = isSameHour ? card.dataset.local : cell.dataset.local;
  if (form.elements["move-bay"]) form.elements["move-bay"].value = cell.dataset.column;
  sessionStorage.setItem(MOVED, card.id);
  form.submit();
};
const aim = (cell) => {
  target?.classList.remove("day__target");
  target = cell;
  target?.classList.add("day__target");
};

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]");
});
document.addEventListener("dragover", (event) => {
  if (!dragged) return;
  const cell = cellOf(event.target);
  const fits = mayDrop(dragged, cell);
  if (fits) event.preventDefault();
  if (target !== (fits ? cell : null)) aim(fits ? cell : null);
});
document.addEventListener("drop", (event) => {
  const cell = cellOf(event.target);
  if (!mayDrop(dragged, cell)) return;
  event.preventDefault();
  move(dragged, cell);
});
document.addEventListener("dragend", () => {
  dragged = null;
  aim(null);
});

const say = (words, cell) => {
  const { local = "", name = "" } = cell?.dataset ?? {};
  said.textContent = words.replace("{time}", local.slice(-5)).replace("{place}", name);
};
const release = () => {
  lifted?.classList.remove("day__drive--lifted");
  lifted = null;
  aim(null);
};
const besides = { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" };
const rows = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };
const carry = (key) => {
  const next = rows[key] ? target.parentElement[rows[key]]?.children[target.cellIndex] : target[besides[key]];
  if (!next?.matches("td[data-column]")) return;
  aim(next);
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  say(said.dataset.over, next);
};

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-move]");
  if (!form || !said || !card) return;
  if (event.key === " " && !lifted) {
    lifted = card;
    lifted.classList.add("day__drive--lifted");
    aim(cellOf(card));
    say(said.dataset.lifted);
  } else if (!lifted) {
    return;
  } else if (rows[event.key] || (crosses && besides[event.key])) {
    carry(event.key);
  } else if ((event.key === "Enter" || event.key === " ") && mayDrop(lifted, target)) {
    move(lifted, target);
  } else if (["Escape", "Tab", "Enter", " "].includes(event.key)) {
    release();
    say(said.dataset.left);
    if (event.key === "Tab") return;
  } else {
    return;
  }
  event.preventDefault();
});
document.addEventListener("focusout", (event) => {
  if (event.target === lifted) release();
});

// Whoever carried a card on goes on from there; the page stays at its top, where the answer is.
const moved = sessionStorage.getItem(MOVED);
sessionStorage.removeItem(MOVED);
if (moved) document.getElementById(moved)?.focus({ preventScroll: true });
