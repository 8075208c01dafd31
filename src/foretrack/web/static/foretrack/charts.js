// Draws the charts of a page when they come into view. The drawing program is fetched with the first of them.
"use strict";
(() => {
  let program;
  const fetched = () => program ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = document.querySelector("meta[name=drawing-program]").content;
    script.onload = () => done(window.vegaEmbed);
    script.onerror = failed;
    document.head.append(script);
  });

  // Charts take their colours from the style sheet, so that they follow it into the dark.
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const look = () => {
    const words = { labelColor: token("--soft"), titleColor: token("--soft"), labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" };
    const lines = { gridColor: token("--rule"), domainColor: token("--rule"), tickColor: token("--rule") };
    return {
      background: "transparent", font: getComputedStyle(document.body).fontFamily, axis: { ...words, ...lines },
      legend: words, header: words, title: { color: token("--ink"), anchor: "start" }, view: { stroke: null },
      mark: { color: token("--c1") }, text: { color: token("--ink") }, rule: { color: token("--soft") },
      range: { category: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`--c${n}`)) },
    };
  };

  const drawn = new Map();
  const draw = async (figure) => {
    const plot = figure.querySelector(".plot");
    try {
      const embed = await fetched();
      const spec = JSON.parse(figure.dataset.spec);
      drawn.get(figure)?.finalize();
      const made = await embed(plot, spec, {
        ast: true, actions: false, defaultStyle: false, renderer: figure.dataset.renderer ?? "svg",
        tooltip: { disableDefaultStyle: true }, config: look(),
      });
      drawn.set(figure, made);
      figure.classList.add("drawn");
      figure.dispatchEvent(new CustomEvent("foretrack:drawn", { bubbles: true, detail: made.view }));
      // A point that stands for something leads to its page.
      made.view.addEventListener("click", (event, item) => {
        const href = item?.datum?.href;
        if (typeof href === "string" && href.startsWith("/") && !href.startsWith("//")) window.location.assign(href);
      });
    } catch (error) {
      console.error(error);
      figure.classList.add("undrawn");
      figure.querySelector("details")?.setAttribute("open", "");
    }
  };

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "200px" });
  const watch = (root) => root.querySelectorAll("figure.chart[data-spec]:not(.drawn)").forEach((figure) => seen.observe(figure));
  watch(document);
  document.addEventListener("htmx:afterSettle", (event) => watch(event.target));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const figure of drawn.keys()) draw(figure);
  });
  window.addEventListener("beforeprint", () => document.querySelectorAll("figure.chart[data-spec]").forEach((figure) => drawn.has(figure) || draw(figure)));
})();
