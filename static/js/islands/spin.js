// A turn around a car: 36 pictures, drawn where the visitor drags, or by the arrow keys. Until somebody touches it, it is the
// picture that stands in the element. Frames come one by one, every sixth first, so that the first turn is coarse but whole.

const PIXELS_PER_FRAME = 14;
const COARSE = 6;

export default async function spin(element) {
  const addresses = element.dataset.frames.split(" ");
  const frames = addresses.map(() => null);
  const canvas = document.createElement("canvas");
  canvas.className = "turn__canvas";
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  let at = 0;

  const load = async (place) => {
    if (frames[place]) return;
    const picture = new Image();
    picture.src = addresses[place];
    await picture.decode();
    frames[place] = picture;
  };
  // The frame nearest to where the visitor is that is already here.
  const nearest = () => {
    for (let away = 0; away <= addresses.length / 2; away += 1) {
      for (const place of [at - away, at + away]) {
        const frame = frames[(place + addresses.length) % addresses.length];
        if (frame) return frame;
      }
    }
    return null;
  };
  const draw = () => {
    const frame = nearest();
    if (!frame) return;
    if (canvas.width !== frame.naturalWidth) {
      canvas.width = frame.naturalWidth;
      canvas.height = frame.naturalHeight;
    }
    context.drawImage(frame, 0, 0);
    element.setAttribute("aria-valuenow", String(at + 1));
  };
  const turn = (steps) => {
    at = (((at + steps) % addresses.length) + addresses.length) % addresses.length;
    element.classList.add("is-touched");
    draw();
  };

  await load(0);
  draw();
  element.append(canvas);

  let from = null;
  element.addEventListener("pointerdown", (event) => {
    from = event.clientX;
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (!event.buttons) return void (from = null);
    from ??= event.clientX;
    const steps = Math.trunc((event.clientX - from) / PIXELS_PER_FRAME);
    if (!steps) return;
    from += steps * PIXELS_PER_FRAME;
    turn(-steps);
  });
  element.addEventListener("dragstart", (event) => event.preventDefault());
  element.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -9, PageUp: 9 }[event.key];
    const place = { Home: 0, End: addresses.length - 1 }[event.key];
    if (steps === undefined && place === undefined) return;
    event.preventDefault();
    turn(steps ?? place - at);
  });

  const coarse = addresses.map((_, place) => place).filter((place) => place % COARSE === 0);
  const fine = addresses.map((_, place) => place).filter((place) => place % COARSE);
  (async () => {
    for (const place of [...coarse, ...fine]) {
      if (!element.isConnected) return;
      await load(place);
      draw();
    }
  })();
}
