/*
 * The store map, alive: zoom by button, wheel and pinch, move by drag and arrow keys; pins that lie apart at this zoom
 * stand apart; list and pins point at each other. It draws over the picture the server sent, and loads nothing.
 */
const NS = "http://www.w3.org/2000/svg";
const WIDTH = 640;
const HEIGHT = 420;
const REACH = 24;
const MOST_ZOOM = 60;

const make = (name, attributes, parent) => {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
};

export default function live(island) {
  const svg = island.querySelector("svg");
  const rows = [...document.querySelectorAll("[data-store]")];
  const { north, west, scale, squeeze } = island.dataset;
  const project = (latitude, longitude) => [(longitude - west) * scale * squeeze, (north - latitude) * scale];
  const stores = rows.map((row) => ({
    row,
    name: row.dataset.name,
    city: row.dataset.city.replace(/市$/, ""),
    point: project(Number(row.dataset.lat), Number(row.dataset.lng)),
  }));
  const pins = svg.querySelector(".map__pins");
  const still = svg.querySelectorAll(".map__dots circle, .map__here circle");
  const radii = new Map([...still].map((dot) => [dot, Number(dot.getAttribute("r"))]));
  const home = { x: 0, y: 0, zoom: 1 };
  const view = { ...home };
  svg.classList.add("is-live");

  const draw = () => {
    view.zoom = Math.min(Math.max(view.zoom, 0.5), MOST_ZOOM);
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${WIDTH / view.zoom} ${HEIGHT / view.zoom}`);
    for (const [dot, radius] of radii) dot.setAttribute("r", radius / view.zoom);
    if (!stores.length) return;
    const focused = document.activeElement?.closest?.(".map__pins a")?.getAttribute("href");
    const apart = (2 * REACH + 4) / view.zoom;
    const heads = [];
    for (const store of stores) {
      const head = heads.find(([first]) => Math.hypot(first.point[0] - store.point[0], first.point[1] - store.point[1]) < apart);
      head ? head.push(store) : heads.push([store]);
    }
    pins.replaceChildren();
    for (const group of heads) {
      const [x, y] = group[0].point;
      const link = make("a", { href: `#${group[0].row.id}` }, pins);
      const label = group.length > 1 ? `${group[0].name} + ${group.length - 1} ${island.dataset.several}` : group[0].name;
      link.setAttribute("aria-label", label);
      make("circle", { class: "map__reach", cx: x, cy: y, r: REACH / view.zoom }, link);
      make("circle", { class: "map__pin", cx: x, cy: y, r: 16 / view.zoom }, link);
      // Style sheets know no zoom: letters keep their size on the screen by a scale of their own.
      const transform = `translate(${x} ${y}) scale(${1 / view.zoom}) translate(${-x} ${-y})`;
      const sign = make("text", { x, y, dy: 5, transform, class: "map__sign", "aria-hidden": "true" }, link);
      sign.textContent = group.length > 1 ? group.length : "★";
      const city = make("text", { x, y, dy: 31, transform, class: "map__name", "aria-hidden": "true" }, link);
      city.textContent = group[0].city;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        if (group.length > 1 && view.zoom < MOST_ZOOM) return zoomTo(x, y, view.zoom * 2.2);
        choose(group[0]);
      });
      for (const store of group) store.link = link;
      if (focused === link.getAttribute("href")) link.focus();
    }
  };

  const zoomTo = (x, y, zoom) => {
    view.zoom = Math.min(Math.max(zoom, 0.5), MOST_ZOOM);
    view.x = x - WIDTH / view.zoom / 2;
    view.y = y - HEIGHT / view.zoom / 2;
    draw();
  };
  const middle = () => [view.x + WIDTH / view.zoom / 2, view.y + HEIGHT / view.zoom / 2];

  const choose = (store) => {
    for (const other of stores) other.row.classList.toggle("is-chosen", other === store);
    store.row.scrollIntoView({ block: "center", behavior: "auto" });
    store.row.focus({ preventScroll: true });
  };
  for (const store of stores) {
    const mark = (on) => store.link?.classList.toggle("is-chosen", on);
    store.row.addEventListener("pointerenter", () => mark(true));
    store.row.addEventListener("pointerleave", () => mark(false));
    store.row.addEventListener("focusin", () => mark(true));
    store.row.addEventListener("focusout", () => mark(false));
  }

  const tools = document.createElement("div");
  tools.className = "map__tools";
  const act = {
    in: ["+", () => zoomTo(...middle(), view.zoom * 1.8)],
    out: ["−", () => zoomTo(...middle(), view.zoom / 1.8)],
    reset: ["⤢", () => (Object.assign(view, home), draw())],
  };
  for (const [name, [sign, work]] of Object.entries(act)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", island.dataset[name]);
    button.addEventListener("click", work);
    tools.append(button);
  }
  island.append(tools);

  const pointers = new Map();
  let moved = 0;
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  const unit = () => WIDTH / view.zoom / svg.clientWidth;
  svg.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const before = pointers.size === 2 ? spread() : 0;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 2) return zoomTo(...middle(), (view.zoom * spread()) / (before || 1));
    moved += Math.abs(event.clientX - last.x) + Math.abs(event.clientY - last.y);
    if (moved < 4) return;
    svg.setPointerCapture(event.pointerId);
    view.x -= (event.clientX - last.x) * unit();
    view.y -= (event.clientY - last.y) * unit();
    draw();
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(end, (event) => pointers.delete(event.pointerId));
  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomTo(...middle(), view.zoom * (event.deltaY < 0 ? 1.25 : 0.8));
    },
    { passive: false },
  );
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      view.x += (step[0] * 60) / view.zoom;
      view.y += (step[1] * 60) / view.zoom;
      draw();
    } else if (event.key === "+" || event.key === "=") zoomTo(...middle(), view.zoom * 1.5);
    else if (event.key === "-") zoomTo(...middle(), view.zoom / 1.5);
  });
  draw();
}
