/*
 * A conversation that is open: what is new comes by a live connection where there is one, otherwise by asking every few
 * seconds. The page knows the number of the last message it shows and asks from there; what it has already is skipped.
 * What is said goes by the page's own form, with a number of the sender's own, so that trying again doubles nothing.
 * The page is never loaded anew: whoever writes would lose their words. Its parts follow the conversation's status.
 */
const ASK = 2500;
const ASK_HIDDEN = 15000;
const TYPING = 3000;
// After a live connection failed the next one is tried later and later.
const CONNECT_AGAIN = 1500;
const CONNECT_AGAIN_MOST = 60000;

// What somebody put into a field; the page as it is now, where it still has the field, says what stood there before.
const isChanged = (field, page) => {
  const fresh = page.querySelector(`[name="${field.name}"]`);
  if (field.type === "checkbox") return field.checked !== (fresh ?? field.cloneNode()).defaultChecked;
  if (field.matches("select")) return Boolean(fresh) && field.value !== fresh.value;
  return field.value !== (fresh?.value ?? "");
};
const isInUse = (part, page) =>
  part.contains(document.activeElement) ||
  Boolean(part.querySelector("details[open]")) ||
  [...part.querySelectorAll("textarea, select, input:not([type=hidden])")].some((field) => isChanged(field, page));

export default (island) => {
  const log = island.querySelector(".talk__log");
  const lines = log.querySelector(".talk__lines");
  const sayForm = () => island.querySelector("[data-say]");
  const show = (name, isShown) => (island.querySelector(`[data-${name}]`).hidden = !isShown);
  const token = () => sayForm()?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const state = { last: Number(island.dataset.last), proof: island.dataset.proof, socket: null, seen: 0, failures: 0, connectAt: 0, timer: 0, page: null };

  const toEnd = () => (log.scrollTop = log.scrollHeight);
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const tell = (url, values = {}) =>
    fetch(url, { method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams(values) }).catch(() => {});

  const take = (news) => {
    const follows = isAtEnd();
    const box = document.createElement("template");
    box.innerHTML = news.html;
    for (const one of [...box.content.children]) {
      if (Number(one.dataset.seq) <= state.last) continue;
      state.last = Number(one.dataset.seq);
      lines.append(one);
    }
    if (follows) toEnd();
    if (news.proof) state.proof = news.proof;
    show("typing", news.typing);
    const own = [...log.querySelectorAll(".talk__said--own")].at(-1);
    show("seen", Boolean(own) && !news.typing && news.seen >= Number(own.dataset.seq));
    show("trouble", false);
    if (!document.hidden && state.last > state.seen) {
      state.seen = state.last;
      tell(island.dataset.seenUrl, { up_to: state.last });
    }
    follow(news.status).catch(() => show("trouble", true));
  };

  // The forms, the badge and what one may do follow the status: the page is asked for, and its parts are put in. A part
  // that somebody is filling in waits until they are done with it.
  const follow = async (status) => {
    if (status !== island.dataset.status) {
      const before = island.dataset.status;
      island.dataset.status = status;
      try {
        const answer = await fetch(island.dataset.news.replace(/news\/$/, ""), { headers: { Accept: "text/html" } });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (island.dataset.status === status) state.page = page;
      } catch (error) {
        // Asked for again with the next news.
        island.dataset.status = before;
        throw error;
      }
    }
    if (!state.page) return;
    let isWhole = true;
    for (const part of (island.closest("dialog") ?? document).querySelectorAll("[data-part]")) {
      const fresh = state.page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!fresh || fresh.dataset.standing === part.dataset.standing) continue;
      if (isInUse(part, state.page)) isWhole = false;
      else part.replaceWith(document.importNode(fresh, true));
    }
    if (isWhole) state.page = null;
  };

  const ask = async () => {
    const answer = await fetch(`${island.dataset.news}?after=${state.last}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    take(await answer.json());
  };

  const connect = () => {
    if (!island.dataset.live || state.socket || document.hidden || Date.now() < state.connectAt) return;
    const socket = new WebSocket(`${island.dataset.live}/live/chat/?after=${state.last}&proof=${encodeURIComponent(state.proof)}`);
    state.socket = socket;
    socket.addEventListener("message", (event) => {
      state.failures = 0;
      take(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      state.socket = null;
      state.connectAt = Date.now() + Math.min(CONNECT_AGAIN_MOST, CONNECT_AGAIN * 2 ** state.failures);
      state.failures += 1;
      // What was missed is asked for now, and not with the slow pulse of a page that hears.
      wait(CONNECT_AGAIN);
    });
  };

  // The pulse goes on below a live connection, slowly: it fetches a fresh proof and is the agent's sign of life.
  const pulse = async () => {
    if (!island.isConnected) return void state.socket?.close();
    try {
      await ask();
      connect();
    } catch {
      show("trouble", true);
    }
    wait(document.hidden || state.socket ? ASK_HIDDEN : ASK);
  };
  const wait = (time) => {
    clearTimeout(state.timer);
    state.timer = setTimeout(pulse, time);
  };
  document.addEventListener("visibilitychange", () => !document.hidden && ask().catch(() => show("trouble", true)));

  const renew = (form) =>
    (form.querySelector("[name=sent_as]").value =
      crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join(""));

  // Tried again as it was, it is the same message; changed after a broken connection, it is another one.
  let tried = null;
  const send = async (form) => {
    const field = form.querySelector("textarea");
    const refusal = form.querySelector("[data-refusal]");
    if (tried !== null && tried !== field.value) renew(form);
    tried = field.value;
    const values = new FormData(form);
    values.append("after", state.last);
    // Not form.action: an input of that name would answer.
    const answer = await fetch(form.getAttribute("action"), { method: "POST", headers: { Accept: "application/json" }, body: values });
    // Not every refusal is ours: a proxy that finds a file too large answers with a page.
    const body = await answer.json().catch(() => ({}));
    refusal.hidden = answer.ok;
    if (!answer.ok) return void (refusal.textContent = body.message ?? refusal.dataset.otherwise);
    renew(form);
    // What was typed while the answer was on its way stays.
    if (field.value === tried) field.value = "";
    tried = null;
    form.querySelector("[type=file]").value = "";
    take(body);
    toEnd();
  };
  // The form comes and goes with the status; the island stays and hears what happens in it.
  island.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-say]")) return;
    event.preventDefault();
    // What is sent while something is on its way follows it, unless that is what is on its way.
    if (form.dataset.busy) return void (form.dataset.busy = "more");
    form.dataset.busy = "1";
    send(form)
      .then(() => form.dataset.busy === "more" && Boolean(form.querySelector("textarea").value.trim()))
      .catch(() => show("trouble", true))
      .then((isMore) => {
        delete form.dataset.busy;
        if (isMore) form.requestSubmit();
      });
  });
  island.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-say] textarea") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  let typedAt = 0;
  island.addEventListener("input", (event) => {
    if (!event.target.matches("[data-say] textarea") || Date.now() - typedAt < TYPING) return;
    typedAt = Date.now();
    tell(island.dataset.typingUrl);
  });
  island.addEventListener("change", (event) => {
    if (!event.target.matches("[data-prepared]")) return;
    const field = sayForm().querySelector("textarea");
    field.value = [field.value.trim(), event.target.value].filter(Boolean).join("\n");
    event.target.value = "";
    field.focus();
  });

  // A picture takes its room when it has come; whoever was at the end stays there.
  let stays = true;
  log.addEventListener("scroll", () => (stays = isAtEnd()), { passive: true });
  log.addEventListener("load", () => stays && toEnd(), true);
  toEnd();
  pulse();
};
