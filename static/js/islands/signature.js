// A field to sign in with finger, pen or mouse. What is drawn goes into a hidden input as a PNG; whoever cannot draw types a name.

const LINE = 2.4;

export default async function signature(element) {
  const into = document.getElementById(element.dataset.into);
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", element.dataset.label);
  const hint = document.createElement("p");
  hint.className = "small muted";
  hint.textContent = element.dataset.label;
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "btn btn--small";
  clear.textContent = element.dataset.clear;
  element.append(hint, canvas, clear);

  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  const context = canvas.getContext("2d");
  const blank = () => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.lineWidth = LINE;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = "#111";
    into.value = "";
  };
  blank();

  let isDrawing = false;
  canvas.addEventListener("pointerdown", (event) => {
    isDrawing = true;
    canvas.setPointerCapture(event.pointerId);
    context.beginPath();
    context.moveTo(event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDrawing) return;
    context.lineTo(event.offsetX, event.offsetY);
    context.stroke();
  });
  const stop = () => {
    if (!isDrawing) return;
    isDrawing = false;
    into.value = canvas.toDataURL("image/png");
  };
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  clear.addEventListener("click", blank);
}
