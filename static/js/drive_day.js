// The day of test drives works without this. With it a drive is dragged to another hour of the same car; the server decides.

const form = document.getElementById("move-drive");
let dragged = null;

const columnOf = (element) => element.closest("td[data-car]");
const mayDrop = (cell) => dragged && cell && cell.dataset.car === columnOf(dragged).dataset.car && cell !== columnOf(dragged);

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
  form.action = dragged.dataset.move;
  form.elements["move-local"].value = cell.dataset.local;
  form.submit();
});
document.addEventListener("dragend", () => {
  dragged = null;
});
