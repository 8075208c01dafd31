// Suggestions under a search box: arrows go through them, Escape and leaving the box put them away.
"use strict";
(() => {
  const links = (form) => [...form.querySelectorAll(".suggested a")];
  const clear = (form) => { form.querySelector(".suggested").replaceChildren(); };
  for (const form of document.querySelectorAll("form.find")) {
    if (!form.querySelector(".suggested")) continue;
    const box = form.querySelector("input[type=search]");
    form.addEventListener("keydown", (event) => {
      const all = links(form);
      if (event.key === "Escape" && all.length) {
        event.preventDefault();
        box.focus();
        clear(form);
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
        event.preventDefault();
        const places = [box, ...all];
        const at = places.indexOf(document.activeElement);
        const next = at + (event.key === "ArrowDown" ? 1 : -1);
        places[(next + places.length) % places.length].focus();
      }
    });
    form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) clear(form); });
    // What was asked for before the box was left or sent comes too late.
    form.addEventListener("htmx:beforeSwap", (event) => {
      if (!form.contains(document.activeElement)) event.detail.shouldSwap = false;
    });
  }
})();
