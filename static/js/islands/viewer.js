// The car in 3D, full screen. The paint chosen in here is the paint of the configuration: it is put into the form, which
// asks the server as for any other choice.

const SVG = "http://www.w3.org/2000/svg";
let dialog = null;

// The library starts a decoder of compressed models as soon as it is imported. Ours need none, and the content policy lets
// no WebAssembly run; without it in sight the library goes without.
async function load(address) {
  const assembly = globalThis.WebAssembly;
  globalThis.WebAssembly = undefined;
  try {
    await import(address);
  } finally {
    globalThis.WebAssembly = assembly;
  }
}

export async function open(opener) {
  await load(opener.dataset.library);
  dialog?.remove();
  dialog = document.createElement("dialog");
  dialog.className = "viewer stage-light";
  dialog.setAttribute("aria-label", opener.dataset.alt);

  const viewer = document.createElement("model-viewer");
  for (const [name, value] of Object.entries({
    src: opener.dataset.model,
    alt: opener.dataset.alt,
    "camera-controls": "",
    "disable-pan": "",
    "touch-action": "none",
    "interaction-prompt": "none",
    "shadow-intensity": "1.1",
    "shadow-softness": "0.9",
    "tone-mapping": "neutral",
    exposure: "1.05",
    "camera-orbit": "-38deg 78deg 100%",
    "min-camera-orbit": "auto 25deg 60%",
    "max-camera-orbit": "auto 89deg 130%",
  })) {
    viewer.setAttribute(name, value);
  }
  const paints = JSON.parse(opener.dataset.paints);
  const show = (code) => {
    const short = code.toLowerCase().replace(/^paint-/, "");
    const variant = (viewer.availableVariants ?? []).find((name) => name.toLowerCase().replace(/^paint-/, "") === short);
    if (variant) viewer.variantName = variant;
  };
  let chosen = opener.dataset.paint;
  viewer.addEventListener("load", () => {
    show(chosen);
    dialog.dataset.state = "ready";
  });

  const hint = document.createElement("p");
  hint.className = "viewer__hint";
  hint.textContent = opener.dataset.hint;
  const bar = document.createElement("div");
  bar.className = "viewer__bar";
  for (const paint of paints) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "viewer__paint";
    button.dataset.paint = paint.code;
    button.title = paint.name;
    button.setAttribute("aria-label", paint.name);
    button.setAttribute("aria-pressed", String(paint.code === chosen));
    button.append(disc(paint.color));
    button.addEventListener("click", () => {
      chosen = paint.code;
      for (const other of bar.children) other.setAttribute("aria-pressed", String(other === button));
      hint.textContent = paint.name;
      show(chosen);
      choose(
        chosen,
        paints.map(({ code }) => code),
      );
    });
    bar.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "viewer__close";
  close.setAttribute("aria-label", opener.dataset.close);
  close.textContent = "✕";
  close.addEventListener("click", () => dialog.close());
  dialog.append(viewer, hint, bar, close);
  dialog.addEventListener("close", () => {
    dialog.remove();
    // The opener may have been swapped meanwhile; the one with its id stands where it stood.
    document.getElementById("open-viewer")?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function disc(color) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 28 28");
  svg.setAttribute("aria-hidden", "true");
  const circle = document.createElementNS(SVG, "circle");
  for (const [name, value] of Object.entries({ cx: 14, cy: 14, r: 13.5, fill: color, stroke: "#85898f" })) {
    circle.setAttribute(name, value);
  }
  svg.append(circle);
  return svg;
}

// At the step of paints its radio button is checked; at any other the paint that the form carries along is exchanged.
function choose(code, paints) {
  const radio = document.getElementById(`option-${code}`);
  if (radio) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  const form = document.getElementById("configure-form");
  let carried = form.querySelector("input[type=hidden][name=option]");
  if (!carried) {
    carried = document.createElement("input");
    carried.type = "hidden";
    carried.name = "option";
    form.append(carried);
  }
  const kept = carried.value.split(",").filter((other) => other && !paints.includes(other));
  carried.value = [...kept, code].join(",");
  carried.dispatchEvent(new Event("change", { bubbles: true }));
}
