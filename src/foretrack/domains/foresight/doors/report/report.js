"use strict";
(() => {
  const table = document.getElementById("ranked");
  const rows = [...table.tBodies[0].rows].filter((row) => "state" in row.dataset);
  if (!rows.length) return;
  const find = document.getElementById("find");
  const state = document.getElementById("by-state");
  const track = document.getElementById("by-track");
  const shown = document.getElementById("shown");
  const apply = () => {
    const words = find.value.trim().toLowerCase();
    let n = 0;
    for (const row of rows) {
      const fits = (!words || row.textContent.toLowerCase().includes(words))
        && (!state.value || row.dataset.state === state.value)
        && (!track || !track.value || row.dataset.track === track.value);
      row.hidden = !fits;
      n += fits;
    }
    shown.textContent = `${n} / ${rows.length}`;
  };
  for (const control of [find, state, track]) control && control.addEventListener("input", apply);
  document.querySelector(".controls").hidden = false;
  apply();
})();
