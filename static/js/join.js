// Keeps what an applicant types: only the fields that changed are sent, a moment after the last keystroke; what could not
// be sent is tried again, and goes out when the page is left. Without this script each button saves its own form.
(() => {
  "use strict";
  const page = document.querySelector("[data-autosave]");
  if (!page) return;
  const status = page.querySelector("[data-saved]");
  const token = () => page.querySelector("[name=csrfmiddlewaretoken]").value;
  let changed = new Map();
  let timer = 0;
  let wait = 700;

  const say = (words) => { if (status) status.textContent = words; };

  async function send(isLeaving) {
    if (!changed.size) return;
    const batch = changed;
    changed = new Map();
    if (!isLeaving) say(page.dataset.saving);
    try {
      const answer = await fetch(page.dataset.autosave, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(Object.fromEntries(batch)),
      });
      const body = await answer.json();
      if (answer.ok) {
        wait = 700;
        say(body.saved);
        return;
      }
      if (answer.status < 500) {
        say(body.message || page.dataset.unsaved);
        return;
      }
    } catch {
      // The line is down: what was typed since is newer and wins.
    }
    changed = new Map([...batch, ...changed]);
    say(page.dataset.unsaved);
    wait = Math.min(wait * 2, 30000);
    timer = setTimeout(send, wait);
  }

  page.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.name || ["file", "hidden", "checkbox"].includes(field.type)) return;
    changed.set(field.name, field.value);
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  });
  // The form that is sent saves itself; what was typed into its neighbors goes out now.
  page.addEventListener("submit", (event) => {
    clearTimeout(timer);
    for (const field of event.target.elements) changed.delete(field.name);
    send(true);
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(true); });
})();
