// The map of technologies: zoom, pan, keys, names that find room. Without this script it is a picture of links.
"use strict";
(() => {
  const LABEL_PIXELS = 12, MOST_NAMES = 40, CLOSEST = 40;

  const begin = (figure) => {
    const svg = figure.querySelector("svg"), view = svg.querySelector(".view"), names = svg.querySelector(".names");
    const lines = svg.querySelector(".lines"), readout = figure.querySelector(".readout");
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const dots = [...svg.querySelectorAll(".dots a")].map((link) => {
      const circle = link.firstElementChild;
      return {
        link, circle, x: Number(circle.getAttribute("cx")), y: Number(circle.getAttribute("cy")), r: Number(circle.getAttribute("r")),
        told: link.getAttribute("aria-label"), off: link.classList.contains("off"),
        near: link.dataset.near ? link.dataset.near.split(" ").map(Number) : [],
      };
    });
    if (!dots.length) return;
    const nameOf = (dot) => dot.told.split(/[:：]/)[0];
    dots.forEach((dot, number) => { dot.number = number; dot.name = cut(nameOf(dot)); });
    let zoom = 1, left = 0, top = 0, here = null;

    // How many units of the picture a pixel is: names keep their size on a phone and under zoom.
    let unit = 1;
    const measure = () => { unit = 1 / Math.min(svg.clientWidth / width || 1, svg.clientHeight / height || 1); };

    let asked = false, later;
    const show = () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        view.setAttribute("transform", `translate(${left} ${top}) scale(${zoom})`);
        move();
        clearTimeout(later);
        later = setTimeout(() => { sized(); place(); }, 90);
      });
    };
    // Of many points, the sizes follow when the hand rests: two thousand of them in every frame would make it stutter.
    const size = () => { if (dots.length <= 400) sized(); };
    const sized = () => {
      // Points grow more slowly than the map, so that crowds come apart.
      const shrink = Math.pow(zoom, 0.55);
      for (const dot of dots) dot.circle.setAttribute("r", (dot.r / shrink).toFixed(2));
    };
    const at = (dot) => [left + zoom * dot.x, top + zoom * dot.y, dot.r * Math.pow(zoom, 0.45)];

    let shown = [];
    const move = () => {
      for (const { text, dot, side } of shown) put(text, dot, side);
    };
    const put = (text, dot, side) => {
      const [x, y, r] = at(dot), font = LABEL_PIXELS * unit;
      const gap = r + 3 * unit;
      text.setAttribute("x", (side === "start" ? x + gap : side === "end" ? x - gap : x).toFixed(1));
      text.setAttribute("y", (side === "above" ? y - gap : side === "below" ? y + gap + 0.8 * font : y + 0.35 * font).toFixed(1));
      text.setAttribute("text-anchor", side === "above" || side === "below" ? "middle" : side);
    };
    const place = () => {
      const font = LABEL_PIXELS * unit, boxes = [], chosen = [];
      const meets = (b) => boxes.some((o) => b[0] < o[2] && o[0] < b[2] && b[1] < o[3] && o[1] < b[3]);
      const first = here ? [here, ...here.near.map((n) => dots[n])].filter((d) => d) : [];
      for (const dot of new Set([...first, ...dots])) {
        if (dot.off && !first.includes(dot)) continue;
        if (chosen.length >= MOST_NAMES) break;
        const [x, y, r] = at(dot);
        if (x < 0 || y < 0 || x > width || y > height) continue;
        const wide = widthOf(dot.name) * font, gap = r + 3 * unit;
        const sides = [["start", x + gap, y + 0.35 * font], ["end", x - gap - wide, y + 0.35 * font], ["above", x - wide / 2, y - gap], ["below", x - wide / 2, y + gap + 0.8 * font]];
        for (const [side, from, foot] of sides) {
          const box = [from - 2 * unit, foot - 0.85 * font, from + wide + 2 * unit, foot + 0.3 * font];
          if (box[0] < 0 || box[1] < 0 || box[2] > width || box[3] > height || meets(box)) continue;
          boxes.push(box);
          chosen.push({ dot, side });
          break;
        }
        boxes.push([x - r, y - r, x + r, y + r]);
      }
      names.replaceChildren();
      shown = chosen.map(({ dot, side }) => {
        const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
        text.textContent = dot.name;
        text.setAttribute("font-size", font);
        text.style.fontSize = `${font}px`;
        text.style.strokeWidth = `${3 * unit}px`;
        put(text, dot, side);
        names.append(text);
        return { text, dot, side };
      });
    };

    const bound = () => {
      left = Math.min(width * 0.5, Math.max(width * 0.5 - zoom * width, left));
      top = Math.min(height * 0.5, Math.max(height * 0.5 - zoom * height, top));
      if (zoom <= 1.001) { zoom = 1; left = 0; top = 0; }
      figure.classList.toggle("zoomed", zoom > 1);
    };
    const zoomBy = (factor, x = width / 2, y = height / 2) => {
      const to = Math.min(CLOSEST, Math.max(1, zoom * factor));
      left = x - (x - left) * to / zoom;
      top = y - (y - top) * to / zoom;
      zoom = to;
      bound(); size(); show();
    };
    const centre = (dot, closest = zoom) => {
      zoom = Math.max(zoom, closest);
      left = width / 2 - zoom * dot.x;
      top = height / 2 - zoom * dot.y;
      bound(); size(); show();
    };
    const whole = () => { zoom = 1; bound(); size(); show(); };
    const pointOf = (event) => {
      const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [p.x, p.y];
    };

    // What a point is, and lines to what it is studied together with.
    const look = (dot) => {
      for (const other of dots) other.link.classList.remove("near");
      lines.replaceChildren();
      here = dot;
      if (dot) {
        for (const number of dot.near) {
          const other = dots[number];
          if (!other) continue;
          other.link.classList.add("near");
          const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
          for (const [key, value] of [["x1", dot.x], ["y1", dot.y], ["x2", other.x], ["y2", other.y]]) line.setAttribute(key, value);
          lines.append(line);
        }
      }
      readout.textContent = dot ? dot.told : "\u00a0";
      clearTimeout(later);
      later = setTimeout(place, 60);
    };
    let stop = null;
    const goTo = (dot) => {
      if (!dot) return;
      stop?.link.setAttribute("tabindex", "-1");
      stop = dot;
      dot.link.setAttribute("tabindex", "0");
      dot.link.focus({ preventScroll: true });
      const [x, y] = at(dot);
      if (x < 0 || y < 0 || x > width || y > height) centre(dot);
    };
    const usable = () => dots.filter((dot) => !dot.off);
    stop = usable()[0] ?? dots[0];
    stop.link.setAttribute("tabindex", "0");
    const towards = (from, dx, dy) => {
      let best = null, least = Infinity;
      for (const dot of usable()) {
        const ahead = (dot.x - from.x) * dx + (dot.y - from.y) * dy;
        const aside = Math.abs((dot.x - from.x) * dy) + Math.abs((dot.y - from.y) * dx);
        if (dot === from || ahead <= 0 || aside > 1.2 * ahead) continue;
        if (ahead + 2 * aside < least) { least = ahead + 2 * aside; best = dot; }
      }
      return best;
    };
    const dotOf = (target) => dots.find((dot) => dot.link === target.closest?.("a"));
    svg.addEventListener("focusin", (event) => { const dot = dotOf(event.target); if (dot) { stop.link.setAttribute("tabindex", "-1"); stop = dot; dot.link.setAttribute("tabindex", "0"); look(dot); } });
    svg.addEventListener("focusout", () => look(null));
    svg.addEventListener("pointerover", (event) => { const dot = dotOf(event.target); if (dot && dot !== here) look(dot); });
    svg.addEventListener("pointerout", (event) => { if (dotOf(event.target) && !svg.contains(document.activeElement)) look(null); });
    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const from = dotOf(event.target) ?? stop;
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (steps[event.key]) goTo(towards(from, ...steps[event.key]));
      else if (event.key === "Home") goTo(usable()[0]);
      else if (event.key === "+" || event.key === "=") { centre(from); zoomBy(1.5); }
      else if (event.key === "-") zoomBy(1 / 1.5);
      else if (event.key === "0") whole();
      else return;
      event.preventDefault();
    });

    const fingers = new Map();
    let dragged = false, apart = 0;
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
      dragged = false;
      if (fingers.size === 2) { const [a, b] = [...fingers.values()]; apart = Math.hypot(a[0] - b[0], a[1] - b[1]); }
    });
    svg.addEventListener("pointermove", (event) => {
      const was = fingers.get(event.pointerId);
      if (!was) return;
      const dx = event.clientX - was[0], dy = event.clientY - was[1];
      if (!dragged && Math.hypot(dx, dy) < 5) return;
      if (!dragged) { dragged = true; svg.setPointerCapture(event.pointerId); figure.classList.add("moving"); }
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
      if (fingers.size === 2) {
        const [a, b] = [...fingers.values()], now = Math.hypot(a[0] - b[0], a[1] - b[1]);
        const [x, y] = pointOf({ clientX: (a[0] + b[0]) / 2, clientY: (a[1] + b[1]) / 2 });
        if (apart) zoomBy(now / apart, x, y);
        apart = now;
      } else {
        left += dx * unit; top += dy * unit;
        bound(); show();
      }
    });
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, (event) => { fingers.delete(event.pointerId); apart = 0; figure.classList.remove("moving"); });
    svg.addEventListener("click", (event) => { if (dragged) { event.preventDefault(); dragged = false; } }, true);
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.004)), ...pointOf(event));
    }, { passive: false });
    svg.addEventListener("dblclick", (event) => { if (!dotOf(event.target)) zoomBy(2, ...pointOf(event)); });

    const tools = figure.querySelector(".tools");
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const what = event.target.closest("button")?.dataset.do;
      if (what === "in") zoomBy(1.6);
      if (what === "out") zoomBy(1 / 1.6);
      if (what === "whole") whole();
    });

    const box = document.getElementById("map-find");
    const found = () => {
      const wanted = box.value.trim().toLowerCase();
      const hits = wanted ? usable().filter((dot) => dot.told.toLowerCase().includes(wanted)) : [];
      for (const dot of dots) dot.link.classList.toggle("hit", hits.includes(dot));
      return hits;
    };
    box?.addEventListener("input", () => { const hits = found(); if (hits.length) { look(hits[0]); centre(hits[0], Math.min(2.5, zoom)); } else look(null); });
    box?.form.addEventListener("submit", (event) => {
      if (document.activeElement !== box) return;
      const hits = found();
      if (!hits.length) return;
      event.preventDefault();
      centre(hits[0], 2.5);
      goTo(hits[0]);
      figure.scrollIntoView({ block: "nearest" });
    });
    for (const control of box?.form.querySelectorAll("select") ?? []) control.addEventListener("change", () => box.form.requestSubmit());

    new ResizeObserver(() => { measure(); place(); }).observe(svg);
    measure();
    place();
  };
  const cut = (text) => text.length > 40 ? `${text.slice(0, 39)}…` : text;
  const widthOf = (text) => [...text].reduce((sum, c) => sum + (c > "\u2e7f" ? 1 : 0.58), 0);
  const start = (root) => root.querySelectorAll("figure[data-map]:not(.begun)").forEach((figure) => { figure.classList.add("begun"); begin(figure); });
  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:afterSettle", () => start(document));
  if (document.readyState !== "loading") start(document);
})();
