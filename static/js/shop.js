/* The shop works without this file. With it, quick fingers lose nothing. */

// The configurator asks the server after every change. An answer to an older choice must not undo a newer one: it is
// passed over, and htmx, which kept the newest question waiting, asks that one next.
const changesOf = (form) => form.dataset.changes || "0";
document.addEventListener(
  "change",
  (event) => {
    const form = event.target.closest("#configurator");
    if (form) form.dataset.changes = String(Number(changesOf(form)) + 1);
  },
  true,
);
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "configurator") event.detail.xhr.changes = changesOf(event.detail.elt);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  const form = requestConfig.elt;
  if (form.id === "configurator" && xhr.changes !== changesOf(form)) event.detail.shouldSwap = false;
});
