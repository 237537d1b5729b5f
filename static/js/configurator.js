// The configurator works without this. With it: an answer to an older choice never undoes a newer one, one picture fades
// into the next, sliders say their value, links are copied and shared, and the 3D model opens where there is one.

// The way back asks the server for the car of that address. A copy of the page kept by the browser might show another price.
window.htmx.config.historyCacheSize = 0;
window.htmx.config.refreshOnHistoryMiss = true;

const root = () => document.getElementById("configure");

// Every choice is counted; the answer to a question that is not the newest is passed over, and htmx, which kept the newest
// one waiting, asks that next.
let changes = 0;
let leaving = null;
const count = (event) => {
  if (event.target.closest?.("#configure-form") || event.target.form?.id === "configure-form") changes += 1;
};
document.addEventListener("change", count, true);
document.addEventListener("submit", count, true);
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  detail.xhr.changes = changes;
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "configure") return;
  if (detail.xhr.changes !== changes && detail.requestConfig.elt.id === "configure-form") {
    detail.shouldSwap = false;
    return;
  }
  leaving = root().querySelector(".configure__picture");
  const tabs = root().querySelector(".configure__progress ol");
  leaving && (leaving.scrolled = tabs?.scrollLeft ?? 0);
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id === "configure" || detail.elt.id === "configure") settle(true);
});

function settle(isSwapped) {
  const here = root();
  if (!here) return;
  for (const button of here.querySelectorAll("[data-copy]")) button.hidden = false;
  for (const button of here.querySelectorAll("[data-share]")) button.hidden = !navigator.share;
  const opener = here.querySelector("[data-viewer]");
  if (opener) opener.hidden = !window.WebGLRenderingContext;
  const tabs = here.querySelector(".configure__progress ol");
  const current = tabs?.querySelector("[aria-current]");
  if (current) {
    if (isSwapped && leaving) tabs.scrollLeft = leaving.scrolled;
    const { offsetLeft, offsetWidth } = current;
    tabs.scrollTo({ left: offsetLeft + offsetWidth / 2 - tabs.clientWidth / 2, behavior: isSwapped ? "smooth" : "auto" });
  }
  if (isSwapped) fade(here.querySelector(".configure__view"));
}

// The old picture lies over the new one until that is there, then goes.
function fade(view) {
  const arriving = view?.querySelector(".configure__picture");
  if (!leaving || !arriving || leaving.currentSrc === arriving.src) return;
  const old = leaving;
  leaving = null;
  const ghost = new Image();
  ghost.src = old.currentSrc || old.src;
  ghost.alt = "";
  ghost.className = "configure__picture is-leaving";
  view.append(ghost);
  arriving
    .decode()
    .catch(() => {})
    .then(() => {
      ghost.classList.add("is-gone");
      setTimeout(() => ghost.remove(), 500);
    });
}

document.addEventListener("input", ({ target }) => {
  const shown = target.dataset?.shows && document.getElementById(target.dataset.shows);
  if (shown) shown.textContent = `¥${Number(target.value).toLocaleString("en")}`;
});

document.addEventListener("click", async ({ target }) => {
  const copy = target.closest("[data-copy]");
  if (copy) {
    const input = document.getElementById(copy.dataset.copy);
    input.select();
    const before = copy.textContent;
    try {
      await navigator.clipboard.writeText(input.value);
      copy.textContent = copy.dataset.done;
    } catch {
      // Not allowed here: the link is selected, so that the visitor can copy it.
    }
    setTimeout(() => (copy.textContent = before), 2000);
  }
  const share = target.closest("[data-share]");
  if (share) {
    try {
      await navigator.share({ title: share.dataset.title, url: share.dataset.share });
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }
  const opener = target.closest("[data-viewer]");
  if (opener) {
    opener.setAttribute("aria-busy", "true");
    const { open } = await import(opener.dataset.src);
    opener.removeAttribute("aria-busy");
    await open(opener);
  }
});

settle(false);
