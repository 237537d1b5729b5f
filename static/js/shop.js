/*
 * The shop works without this file. With it: islands come when they are wanted, cached pages get what is the visitor's
 * own, dialogs open, numbers step, and quick fingers lose nothing. Small on purpose: it is on every page.
 */
(() => {
  const all = (selector, root = document) => root.querySelectorAll(selector);

  // Islands: <x-island src="…/spin.js"> imports its module when it comes near the screen, or, with wake="interaction",
  // when it is touched or reached by keyboard. The module's default export gets the element. What stands inside the
  // element is what visitors see until then, and all they see without JavaScript.
  class Island extends HTMLElement {
    connectedCallback() {
      if (this.getAttribute("wake") === "interaction") {
        const wake = () => this.wake();
        for (const event of ["pointerdown", "focusin", "keydown"]) this.addEventListener(event, wake, { once: true });
        return;
      }
      this.watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && this.wake(), { rootMargin: "200px" });
      this.watcher.observe(this);
    }

    disconnectedCallback() {
      this.watcher?.disconnect();
    }

    async wake() {
      this.watcher?.disconnect();
      // Not by the attribute: a page that the way back restored wears it already.
      if (this.isAwake) return;
      this.isAwake = true;
      this.dataset.state = "loading";
      try {
        await (await import(this.getAttribute("src"))).default(this);
        this.dataset.state = "ready";
      } catch (error) {
        this.isAwake = false;
        this.dataset.state = "";
        console.warn("island", this.getAttribute("src"), error);
      }
    }
  }
  customElements.define("x-island", Island);

  // Holes: a cached page is the same for everybody; what is the visitor's own is asked for once and filled in.
  // A text or number is shown (0 and "" hide the hole), {"html": …} is put in, a list of ids presses the buttons in it.
  const fillHoles = async (root) => {
    const holes = all("[data-hole]", root);
    if (!holes.length) return;
    const answer = await fetch("/me/holes/", { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const values = await answer.json();
    for (const hole of holes) {
      const value = values[hole.dataset.hole];
      if (value === undefined || value === null) continue;
      // What was pressed while the answer was on its way is newer than the answer.
      if (hole.dataset.pressed) continue;
      if (Array.isArray(value)) {
        hole.setAttribute("aria-pressed", String(value.map(String).includes(hole.dataset.id)));
      } else if (typeof value === "object") {
        hole.innerHTML = value.html;
        hole.hidden = !value.html;
        window.htmx?.process(hole);
      } else {
        const text = hole.querySelector("[data-hole-text]") || hole;
        text.textContent = value;
        hole.hidden = !value;
      }
    }
    document.dispatchEvent(new CustomEvent("holes:filled", { detail: values }));
  };

  // Numbers with buttons beside them.
  const showSteppers = (root) => {
    for (const button of all("[data-step]", root)) button.hidden = false;
  };
  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) {
      const input = step.closest("[data-stepper]").querySelector("input");
      const before = input.value;
      step.dataset.step > 0 ? input.stepUp() : input.stepDown();
      if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    // Live service opens beside the page; where that fails, its page does.
    const chat = event.target.closest("[data-panel]");
    if (chat && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      import(chat.dataset.panel).then((panel) => panel.open(chat)).catch(() => (location.href = chat.href));
    }
    // A click on the dialog itself, not on what is in it, is one on the backdrop.
    if (event.target.matches?.("dialog[open]:not(.dialog--shown)")) event.target.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A changed quantity is sent by itself; its button is for those without JavaScript.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-send-on-change]");
    if (form && event.target.reportValidity()) form.requestSubmit();
  });

  // A form that is on its way is not sent twice by a second tap.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // Not form.method: an input of that name would answer.
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
    if (form.dataset.sent) return void event.preventDefault();
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => restore(form), 8000);
  });
  const restore = (form) => {
    delete form.dataset.sent;
    for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
  };
  // The way back shows pages as they were left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of all("form[data-sent]")) restore(form);
  });

  // Consent: the question is shown until this version of it is answered; the answer is the server's cookie.
  const consent = document.querySelector("[data-consent]");
  if (consent) {
    const isAnswered = document.cookie.split("; ").some((pair) => pair.startsWith(`consent=${consent.dataset.consent}.`));
    consent.hidden = isAnswered;
  }

  document.addEventListener("htmx:afterSwap", (event) => showSteppers(event.detail.elt));
  showSteppers(document);
  fillHoles(document);
  const worker = document.body.dataset.worker;
  if (worker && "serviceWorker" in navigator) window.addEventListener("load", () => navigator.serviceWorker.register(worker));
})();
