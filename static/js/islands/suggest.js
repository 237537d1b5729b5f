/*
 * Suggestions below a search field: a combobox with a list box (ARIA 1.2). The form works without it; what is typed is
 * searched for by Enter whatever the list shows, unless an option was chosen by the arrow keys.
 */
const WAIT = 140;
const KEPT = 40;

export default function suggest(island) {
  const input = island.querySelector("input[type=search]");
  const box = island.querySelector("[data-suggestions]");
  const status = island.querySelector("[data-suggestions-status]");
  const kept = new Map();
  let timer = 0;
  let asking = null;
  let options = [];
  let active = -1;
  let typed = input.value;

  box.id ||= `${input.id}-suggestions`;
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", input.labels[0]?.textContent.trim() || "");
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-expanded", "false"],
    ["aria-controls", box.id],
    ["autocapitalize", "off"],
    ["spellcheck", "false"],
  ]) {
    input.setAttribute(name, value);
  }

  const close = () => {
    box.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  };

  const show = (html) => {
    box.innerHTML = html;
    options = [...box.querySelectorAll("[role=option]")];
    options.forEach((option, place) => (option.id = `${box.id}-${place}`));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    box.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    if (status) status.textContent = options.length ? status.dataset.words.replace("0", options.length) : "";
  };

  const ask = async () => {
    const words = input.value.trim();
    asking?.abort();
    if (!words) {
      close();
      return;
    }
    if (kept.has(words)) {
      show(kept.get(words));
      return;
    }
    const mine = (asking = new AbortController());
    try {
      const answer = await fetch(`${island.dataset.url}?q=${encodeURIComponent(words)}`, { signal: mine.signal });
      if (!answer.ok) return;
      const html = await answer.text();
      kept.set(words, html);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
      // Whoever has left the field, or typed on, is not interrupted.
      if (input.value.trim() === words && island.contains(document.activeElement)) show(html);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  const point = (place) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = place;
    const option = options[active];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      input.value = typed;
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
    input.value = option.dataset.words || typed;
  };

  const go = (option) => {
    close();
    window.location.assign(option.dataset.href);
  };

  input.addEventListener("input", () => {
    typed = input.value;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("focus", () => input.value.trim() && ask());
  input.addEventListener("keydown", (event) => {
    // While an input method is composing, keys are its own.
    if (event.isComposing) return;
    const isOpen = !box.hidden && options.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) {
        ask();
        return;
      }
      // One place before the first and after the last is the field itself.
      const count = options.length + 1;
      point(((active + 1 + (event.key === "ArrowDown" ? 1 : -1) + count) % count) - 1);
    } else if (event.key === "Enter" && isOpen && options[active]) {
      event.preventDefault();
      go(options[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      input.value = typed;
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
  // Before the field loses the focus.
  box.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && event.button === 0) event.preventDefault();
  });
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
  island.addEventListener("focusout", (event) => {
    if (!island.contains(event.relatedTarget)) close();
  });
  if (document.activeElement === input && input.value.trim()) ask();
}
