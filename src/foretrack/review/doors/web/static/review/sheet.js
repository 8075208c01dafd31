// The score sheet: its total while it is filled in, which criteria are missing, and how long the page was open and seen.
(() => {
  "use strict";
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const criteria = [...form.querySelectorAll("[data-weight]")].map((box) => ({
    weight: Number(box.dataset.weight), most: Number(box.dataset.most),
    points: () => {
      const held = box.querySelector("input:checked, input[type=number]")?.value.trim() ?? "";
      const number = held === "" ? NaN : Number(held.replace(",", "."));
      return number >= 0 && number <= Number(box.dataset.most) ? number : NaN;
    },
  }));
  const total = form.querySelector("[data-total]");
  const tell = () => {
    const given = criteria.map((one) => one.points());
    const missing = given.filter(Number.isNaN).length;
    if (missing) { total.textContent = "–"; total.title = total.dataset.missing.replace("__n__", missing); return; }
    const weights = criteria.reduce((sum, one) => sum + one.weight, 0);
    const share = criteria.reduce((sum, one, i) => sum + one.weight * given[i] / one.most, 0);
    total.textContent = (100 * share / weights).toFixed(1);
    total.removeAttribute("title");
  };
  form.addEventListener("input", tell);
  window.addEventListener("load", tell);
  tell();

  // Only while the page is looked at.
  const seconds = form.querySelector("[data-seconds]");
  let seen = 0, since = document.hidden ? 0 : Date.now();
  const stop = () => { if (since) seen += Date.now() - since; since = 0; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else since = Date.now(); });
  form.addEventListener("submit", () => { stop(); since = Date.now(); seconds.value = Math.round(seen / 1000); });
})();
