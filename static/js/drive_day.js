// The day of test drives works without this. With it a drive moves to another hour of the same car: dragged, or lifted with
// the space bar and carried with the arrow keys. The server decides.

const form = document.getElementById("move-drive");
const said = document.getElementById("move-said");
let dragged = null;
let lifted = null;
let target = null;

const columnOf = (element) => element.closest("td[data-car]");
const mayDrop = (cell) => dragged && cell && cell.dataset.car === columnOf(dragged).dataset.car && cell !== columnOf(dragged);
const move = (drive, cell) => {
  form.action = drive.dataset.move;
  form.elements["move-local"].value = cell.dataset.local;
  form.submit();
};

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-move]");
});
document.addEventListener("dragover", (event) => {
  if (mayDrop(columnOf(event.target))) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const cell = columnOf(event.target);
  if (!form || !mayDrop(cell)) return;
  event.preventDefault();
  move(dragged, cell);
});
document.addEventListener("dragend", () => {
  dragged = null;
});

const aim = (cell) => {
  target?.classList.remove("day__target");
  target = cell;
  target?.classList.add("day__target");
};
const say = (words, cell) => {
  said.textContent = words.replace("{time}", cell ? cell.dataset.local.slice(-5) : "");
};
const release = () => {
  lifted?.classList.remove("day__drive--lifted");
  lifted = null;
  aim(null);
};
const carry = (step) => {
  let row = target.closest("tr");
  row = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  const cell = row?.querySelector(`td[data-car="${columnOf(lifted).dataset.car}"]`);
  if (!cell) return;
  aim(cell);
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  say(said.dataset.over, cell);
};

document.addEventListener("keydown", (event) => {
  const drive = event.target.closest?.("[data-move]");
  if (!form || !said || !drive) return;
  if (event.key === " " && !lifted) {
    lifted = drive;
    lifted.classList.add("day__drive--lifted");
    aim(columnOf(drive));
    say(said.dataset.lifted);
  } else if (!lifted) {
    return;
  } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    carry(event.key === "ArrowUp" ? -1 : 1);
  } else if ((event.key === "Enter" || event.key === " ") && target !== columnOf(lifted)) {
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
