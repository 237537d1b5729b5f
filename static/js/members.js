/*
 * Product pages, reviews and stores work without this file. With it: hearts are pressed in place, the device remembers
 * what was looked at (if that was agreed to), a photo that is too large is named before it is sent, and a store is
 * found by where the browser is.
 */
(() => {
  const RECENT = "xc_recent";
  const MOST = 12;
  const DAYS = 60;
  const cookie = (name) =>
    document.cookie
      .split("; ")
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1) || "";

  // Recently viewed: numbers in a cookie of this device, only with the visitor's agreement.
  const here = document.querySelector("[data-recent]")?.dataset.recent;
  const agreed = cookie("consent").split(".").slice(1).join(".").split("-").includes("personal");
  if (here && agreed) {
    const seen = cookie(RECENT).split(".").filter((id) => id && id !== here);
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${RECENT}=${[here, ...seen].slice(0, MOST).join(".")}; Path=/; Max-Age=${DAYS * 86400}; SameSite=Lax${secure}`;
  }

  // Hearts: add or take away, whichever the button says, and stay on the page.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-heart]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("button");
    const [add, remove] = form.dataset.heart.split(" ");
    const isPressed = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!isPressed));
    button.dataset.pressed = "1";
    const answer = await fetch(isPressed ? remove : add, {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true" },
    }).catch(() => null);
    if (!answer?.ok) button.setAttribute("aria-pressed", String(isPressed));
  });

  // Photos: said before they travel.
  for (const form of document.querySelectorAll("form[data-uploads]")) {
    const input = form.querySelector("input[type=file]");
    input?.addEventListener("change", () => {
      const most = Number(form.dataset.uploads) * 1024 * 1024;
      const large = [...input.files].find((file) => file.size > most);
      input.setCustomValidity(large ? `${large.name}: ${form.dataset.tooLarge}` : "");
      input.reportValidity();
    });
    form.addEventListener("submit", (event) => {
      if (input && !input.validity.valid) {
        event.preventDefault();
        event.stopImmediatePropagation();
        input.reportValidity();
      }
    });
  }

  // Near me: asked only on a click, and told to two places: about a kilometer.
  const locate = document.querySelector("[data-locate]");
  const note = document.querySelector("[data-locate-note]");
  if (locate && "geolocation" in navigator) {
    locate.hidden = false;
    note.hidden = false;
    locate.addEventListener("click", () => {
      note.textContent = locate.dataset.waiting;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const near = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
          location.assign(`${locate.dataset.locate}?near=${near}${locate.dataset.kept ? `&${locate.dataset.kept}` : ""}`);
        },
        () => {
          note.textContent = locate.dataset.denied;
        },
        { timeout: 10_000, maximumAge: 600_000 },
      );
    });
  }
})();
