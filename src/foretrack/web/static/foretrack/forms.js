// Keeps what somebody typed into a long form while it cannot reach the server: logged out, server away, form refused.
// Only in this tab (sessionStorage), only for the account that typed it, never files or fields that are not public.
(() => {
  "use strict";
  const STORE = "foretrack.unsent";
  const account = document.body.dataset.account || "";
  const form = document.querySelector("form[data-form]");
  const line = document.getElementById("kept");

  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(STORE)) || {}; } catch { return {}; }
  };
  const write = (entries) => {
    try {
      if (Object.keys(entries).length) sessionStorage.setItem(STORE, JSON.stringify(entries));
      else sessionStorage.removeItem(STORE);
      return true;
    } catch { return false; } // full, or forbidden by the browser
  };
  // The same form in another language is the same form.
  const here = location.pathname.replace(/^\/(en|zh-hans)\//, "/");
  const mayKeep = (box) => box.name && box.name !== "csrfmiddlewaretoken" && !["file", "submit", "button", "password"].includes(box.type) && !box.closest('[data-keep="no"]');

  const take = () => {
    const boxes = [...form.elements].filter(mayKeep);
    const values = {};
    for (const box of boxes) {
      values[box.name] ??= [];
      if (box.type === "checkbox" || box.type === "radio") { if (box.checked) values[box.name].push(box.value); }
      else if (box.multiple) values[box.name].push(...[...box.selectedOptions].map((one) => one.value));
      else values[box.name].push(box.value);
    }
    return values;
  };
  const keep = (state) => {
    const entries = read();
    entries[here] = { account, state, values: take() };
    return write(entries);
  };
  const forget = () => {
    const entries = read();
    delete entries[here];
    write(entries);
  };
  // One more row of a small table: its boxes are those of the template, under the next number.
  const rowsOf = (table) => table.querySelector("tbody");
  const addRow = (table) => {
    const n = rowsOf(table).rows.length;
    if (n >= Number(table.dataset.most)) return false;
    const row = table.querySelector("template").content.cloneNode(true).querySelector("tr");
    for (const one of [row, ...row.querySelectorAll("*")]) {
      for (const { name, value } of [...one.attributes]) one.setAttribute(name, value.replaceAll("__row__", n).replaceAll("__number__", n + 1));
    }
    row.querySelector("th").textContent = n + 1;
    rowsOf(table).append(row);
    table.querySelector("[data-add-row]").disabled = n + 1 >= Number(table.dataset.most);
    return true;
  };
  for (const table of document.querySelectorAll("[data-rows]")) {
    const button = table.querySelector("[data-add-row]");
    button.hidden = false;
    button.disabled = rowsOf(table).rows.length >= Number(table.dataset.most);
    button.addEventListener("click", () => { if (addRow(table)) rowsOf(table).lastElementChild.querySelector("input, select, textarea")?.focus(); });
  }

  const give = (values) => {
    for (const table of form.querySelectorAll("[data-rows]")) {
      const start = `${table.dataset.rows}-`;
      const last = Math.max(-1, ...Object.keys(values).filter((name) => name.startsWith(start)).map((name) => parseInt(name.slice(start.length), 10)).filter(Number.isInteger));
      while (rowsOf(table).rows.length <= last && addRow(table));
    }
    const seen = {};
    for (const box of [...form.elements].filter(mayKeep)) {
      const typed = values[box.name];
      if (!typed) continue;
      if (box.type === "checkbox" || box.type === "radio") box.checked = typed.includes(box.value);
      else if (box.multiple) for (const one of box.options) one.selected = typed.includes(one.value);
      else box.value = typed[seen[box.name] = (seen[box.name] ?? -1) + 1] ?? "";
    }
  };

  // What has become of a form that was sent: an error page keeps it, the form itself has it, any other page was success.
  const refused = document.querySelector("[data-unsent]");
  const entries = read();
  for (const [place, entry] of Object.entries(entries)) {
    if (account && entry.account !== account) delete entries[place];
    else if (entry.state === "sending") {
      if (refused || (form && place === here && !("answered" in form.dataset) && !("goingOn" in form.dataset))) entry.state = "unsent";
      else delete entries[place];
    }
  }
  write(entries);
  if (refused && Object.keys(entries).length) document.getElementById("in-browser")?.removeAttribute("hidden");

  for (const out of document.querySelectorAll('form[action*="/logout/"]')) out.addEventListener("submit", () => write({}));

  if (!form || !account) return;
  const mine = entries[here];
  if (mine?.state === "unsent" && !("answered" in form.dataset)) {
    const offer = document.querySelector("#began a");
    if (offer) { location.replace(offer.href); return; } // what the server kept first, then what was typed since
    give(mine.values);
    document.getElementById("refilled")?.removeAttribute("hidden");
    window.addEventListener("load", () => form.dispatchEvent(new Event("input", { bubbles: true })));
  }

  let sending = false;
  form.addEventListener("submit", () => {
    sending = true;
    keep("sending");
    if (line) window.htmx?.trigger(line, "htmx:abort");
  });
  window.addEventListener("pageshow", () => { sending = false; });
  if (!line) return;
  line.addEventListener("htmx:beforeRequest", (event) => { if (sending) event.preventDefault(); });
  line.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && !sending) forget(); });
  const lost = (text, more) => {
    if (sending) return; // the page is being left
    keep("unsent");
    line.replaceChildren(text, ...(more ? [" ", more] : []));
  };
  line.addEventListener("htmx:sendError", () => lost(line.dataset.lost));
  line.addEventListener("htmx:timeout", () => lost(line.dataset.lost));
  line.addEventListener("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    if (status === 401 || status === 403) {
      const link = document.createElement("a");
      link.href = line.dataset.login;
      link.textContent = line.dataset.loginText;
      lost(line.dataset.out, link);
    } else lost(status === 400 ? responseText : line.dataset.lost);
  });
})();
