/*
 * Live service beside the page one looks at: the pages of /chat/ in a panel. Forms and links between them stay in it,
 * and everything else leaves it. Without this file the way into it is a link.
 */
let panel;
let here;

const load = async (url, options) => {
  const answer = await fetch(url, options);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = page.querySelector("#main .narrow");
  if (!content) throw new Error(answer.status);
  here = answer.url;
  panel.querySelector(".chat-panel__body").replaceChildren(content);
  panel.querySelector("#errors, h1")?.scrollIntoView({ block: "start" });
};

const isChat = (url) => new URL(url, location).pathname.startsWith("/chat/") && !new URL(url, location).pathname.endsWith(".txt");

const build = (link) => {
  const styles = document.createElement("link");
  styles.rel = "stylesheet";
  styles.href = link.dataset.styles;
  document.head.append(styles);
  panel = document.createElement("dialog");
  panel.className = "chat-panel";
  panel.setAttribute("aria-label", link.textContent);
  const close = document.createElement("button");
  close.className = "btn btn--quiet btn--small chat-panel__close";
  close.textContent = link.dataset.close;
  close.addEventListener("click", () => panel.close());
  const body = document.createElement("div");
  body.className = "chat-panel__body";
  panel.append(close, body);
  document.body.append(panel);
  panel.addEventListener("close", () => link.focus());
  panel.addEventListener("keydown", (event) => event.key === "Escape" && panel.close());
  panel.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    load(form.getAttribute("action") || here, { method: "POST", body: new FormData(form) }).catch(() => (location = here));
  });
  panel.addEventListener("click", (event) => {
    const target = event.target.closest("a[href]");
    if (!target || !isChat(target.href) || target.querySelector("img")) return;
    event.preventDefault();
    load(target.href).catch(() => (location = target.href));
  });
};

export const open = async (link) => {
  if (!panel) build(link);
  await load(here ?? link.href);
  panel.show();
  panel.querySelector("textarea, select, input:not([type=hidden])")?.focus();
};
