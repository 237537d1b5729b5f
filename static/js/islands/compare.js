/*
 * The compare tray: remembers over pages what was ticked in lists, in this browser only. Without it the ticked boxes of
 * one page are sent by the form, which is the same comparison.
 */
const KEY = "compare";

const read = () => {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(found) ? found.filter((row) => Number.isInteger(row?.id) && typeof row.title === "string") : [];
  } catch {
    return [];
  }
};

const write = (rows) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(rows));
  } catch {
    // A browser that keeps nothing compares what is ticked on this page.
  }
};

export default function compare(island) {
  const form = island.querySelector("form");
  const words = form.querySelector("[data-tray-words]");
  const list = form.querySelector("[data-tray-items]");
  const clear = form.querySelector("[data-tray-clear]");
  const button = form.querySelector("[data-tray-button]");
  const most = Number(form.dataset.most);
  const usual = words.textContent;
  // Not form.id: that is the boxes, whose name it is.
  const ticks = `input[type=checkbox][form="${form.getAttribute("id")}"]`;
  let rows = read().slice(0, most);

  const boxes = () => document.querySelectorAll(ticks);

  const show = (note) => {
    const ids = new Set(rows.map((row) => row.id));
    for (const box of boxes()) box.checked = ids.has(Number(box.value));
    list.replaceChildren(
      ...rows.map((row) => {
        const item = document.createElement("li");
        const chip = document.createElement("button");
        chip.type = "button";
        chip.className = "chip";
        chip.dataset.id = row.id;
        chip.textContent = `${row.title} ×`;
        item.append(chip);
        return item;
      }),
    );
    list.hidden = clear.hidden = rows.length === 0;
    words.textContent = note || (rows.length ? `${rows.length} / ${most}` : usual);
    words.setAttribute("role", "status");
    button.disabled = rows.length === 0;
    form.classList.toggle("is-filled", rows.length > 0);
  };

  const keep = (next, note = "") => {
    rows = next;
    write(rows);
    show(note);
  };

  const tick = (event) => {
    const box = event.target;
    if (!box.matches?.(ticks)) return;
    const id = Number(box.value);
    const others = rows.filter((row) => row.id !== id);
    if (!box.checked) keep(others);
    else if (others.length >= most) keep(others, form.dataset.tooMany);
    else keep([...others, { id, title: box.dataset.title }]);
  };
  document.addEventListener("change", tick);
  list.addEventListener("click", (event) => {
    const chip = event.target.closest("button");
    if (!chip) return;
    keep(rows.filter((row) => row.id !== Number(chip.dataset.id)));
    (list.querySelector("button") || button).focus();
  });
  clear.addEventListener("click", () => keep([]));
  // What was ticked on other pages is compared as well.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams(rows.map((row) => ["id", row.id]));
    window.location.assign(`${form.action}?${query}`);
  });
  // The list is replaced as filters change; this island goes with it.
  const leave = () => {
    if (island.isConnected) return;
    document.removeEventListener("change", tick);
    document.removeEventListener("htmx:afterSwap", leave);
  };
  document.addEventListener("htmx:afterSwap", leave);
  // What was ticked before this was loaded.
  for (const box of boxes()) {
    const id = Number(box.value);
    if (box.checked && rows.length < most && !rows.some((row) => row.id === id)) rows.push({ id, title: box.dataset.title });
  }
  keep(rows);
}
