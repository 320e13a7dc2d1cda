"use strict";
// What the page does with its data: plots that follow theme and choice of libraries, maps that tell
// where the pointer is, tables that sort.
const page = document.documentElement;
const data = JSON.parse(document.getElementById("data").textContent);
const state = { off: new Set(), orientation: null, unit: "percent", print: false };
const all = (selector, where = document) => [...where.querySelectorAll(selector)];
page.classList.add("js");

// A variable of the style sheet as a colour that plotly reads.
const probe = document.body.appendChild(document.createElement("i"));
probe.hidden = true;
function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}
const ofLibrary = (number) => colour(`c${number % 10}`);
const dashes = ["solid", "dash", "dot", "dashdot"];
const dashOf = (number) => dashes[Math.floor(number / 10) % dashes.length];

function axis(more) {
  const line = { gridcolor: colour("grid"), linecolor: colour("line"), zerolinecolor: colour("line") };
  return { ...line, tickcolor: colour("line"), automargin: true, ...more };
}
function logAxis(title, more) {
  return axis({ type: "log", title: { text: title }, exponentformat: "power", dtick: 1, tickfont: { size: 12 }, ...more });
}
const bpAxis = (title, more) => logAxis(title, {
  tickvals: [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8],
  ticktext: ["100 bp", "1 kb", "10 kb", "100 kb", "1 Mb", "10 Mb", "100 Mb"],
  dtick: undefined,
  ...more,
});

function layout(traces, more) {
  const many = traces.length > 8;
  const legend = many ? {} : { orientation: "h", x: 0, y: 1.01, yanchor: "bottom" };
  return {
    font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: colour("soft") },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 64, r: 28, t: 40, b: 48 },
    hovermode: "closest",
    hoverlabel: { bgcolor: colour("sheet"), bordercolor: colour("line"), font: { color: colour("ink") }, namelength: 40 },
    legend: { ...legend, itemdoubleclick: false },
    showlegend: true,
    uirevision: "kept",
    ...more,
  };
}

// A curve of a library; one that is not chosen stays in the legend.
function curve(trace, more) {
  const line = { color: ofLibrary(trace.meta), dash: dashOf(trace.meta), width: 2 };
  return { type: "scatter", mode: "lines", ...trace, line, visible: state.off.has(trace.meta) ? "legendonly" : true, legendgroup: `${trace.meta}`, ...more };
}

const builders = {
  scaling(figure) {
    const traces = figure.traces.map((trace) => curve(trace, {
      showlegend: trace.yaxis === "y",
      hovertemplate: trace.yaxis === "y" ? "%{x:.3s}bp: %{y:.2e}" : "%{x:.3s}bp: slope %{y:.2f}",
    }));
    const more = {
      xaxis: bpAxis("distance s", { anchor: "y2" }),
      yaxis: logAxis("P(s) (1 / bp²)", { domain: [.38, 1] }),
      yaxis2: axis({ title: { text: "slope" }, domain: [0, .32], range: [-3, .5] }),
    };
    return [traces, layout(traces.filter((trace) => trace.showlegend), more)];
  },
  orientations(figure) {
    const shown = figure.traces.filter((trace) => trace.meta === state.orientation);
    const traces = shown.map((trace) => ({
      type: "scatter",
      mode: "lines",
      name: `${trace.name} ${{ FF: "→ →", FR: "→ ←", RF: "← →", RR: "← ←" }[trace.name]}`,
      x: trace.x,
      y: trace.y,
      line: { color: ofLibrary([7, 0, 1, 5][trace.colour]), dash: ["dot", "solid", "solid", "dash"][trace.colour], width: 2 },
      hovertemplate: "%{x:.3s}bp: %{y:.1f} %",
    }));
    const more = { xaxis: bpAxis("distance"), yaxis: axis({ title: { text: "share" }, ticksuffix: " %", rangemode: "tozero" }) };
    return [traces, layout(traces, more)];
  },
  bars(figure) {
    const rows = figure.rows.map((_, at) => at).filter((at) => !state.off.has(figure.libraries[at])).reverse();
    const percent = state.unit === "percent";
    const traces = figure.traces.map((part) => ({
      type: "bar",
      orientation: "h",
      name: part.name,
      y: rows.map((at) => figure.rows[at]),
      x: rows.map((at) => (percent ? part.x : part.customdata)[at]),
      customdata: rows.map((at) => [part.customdata[at], part.x[at]]),
      marker: {
        color: colour(`part-${part.meta}`),
        line: { color: colour("sheet"), width: 1 },
        pattern: { shape: part.hatched ? "/" : "", fgcolor: colour("sheet"), fillmode: "overlay", size: 6 },
      },
      hovertemplate: `%{y}: ${part.name}<br>%{customdata[1]:.2f} %, %{customdata[0]:,} read pairs<extra></extra>`,
    }));
    const more = {
      barmode: "stack",
      bargap: .25,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", traceorder: "normal" },
      xaxis: axis(percent ? { range: [0, 100], ticksuffix: " %" } : { tickformat: ".2s", rangemode: "tozero" }),
      yaxis: axis({ type: "category", gridcolor: "rgba(0,0,0,0)" }),
    };
    return [traces, layout(traces, more)];
  },
  complexity(figure) {
    const traces = figure.traces.map((trace) => curve(trace, {
      showlegend: trace.mode !== "markers",
      marker: { color: ofLibrary(trace.meta), size: 10, line: { color: colour("sheet"), width: 1.5 } },
      hovertemplate: "%{x:.3s} placed pairs: %{y:.3s} unique",
    }));
    const more = { xaxis: axis({ title: { text: "placed read pairs" }, tickformat: "~s", rangemode: "tozero" }), yaxis: axis({ title: { text: "unique pairs" }, tickformat: "~s", rangemode: "tozero" }) };
    return [traces, layout(traces.filter((trace) => trace.showlegend), more)];
  },
  depth(figure) {
    const traces = figure.traces.map((trace) => curve(trace, {
      line: { color: ofLibrary(trace.meta), dash: dashOf(trace.meta), width: 1.3, shape: "hvh" },
      hovertemplate: "%{customdata}: depth %{y:.3~g}",
    }));
    const end = figure.ticks.at(-1)[0];
    const names = figure.ticks.slice(0, -1).map(([at, name], i) => ({ at, name, size: figure.ticks[i + 1][0] - at }));
    const named = names.filter((one) => one.size > .02 * end);
    const more = {
      xaxis: axis({ tickvals: named.map((one) => one.at + one.size / 2), ticktext: named.map((one) => one.name), showgrid: false, range: [0, end], ticklen: 0, zeroline: false }),
      yaxis: axis({ title: { text: "mean depth" }, range: [0, figure.top] }),
      shapes: names.slice(1).map((one) => ({ type: "line", x0: one.at, x1: one.at, y0: 0, y1: 1, yref: "paper", line: { color: colour("line"), width: 1 } })),
    };
    return [traces, layout(traces, more)];
  },
  along(figure) {
    const traces = figure.traces.map((trace) => ({
      type: "scatter",
      mode: "lines",
      ...trace,
      fill: figure.traces.length === 1 ? "tozeroy" : "none",
      line: { color: ofLibrary(trace.meta), dash: dashOf(trace.meta), width: 1.5 },
      hovertemplate: "%{x:,} bp: %{y:.2f}",
    }));
    const more = { xaxis: axis({ title: { text: figure.title }, tickformat: "~s", ticksuffix: "bp" }), yaxis: axis({ title: { text: figure.value } }) };
    return [traces, layout(traces, more)];
  },
  expected(figure) {
    const traces = figure.traces.map((trace) => ({ type: "scatter", mode: "lines", ...trace, line: { color: ofLibrary(trace.meta), dash: dashOf(trace.meta), width: 2 }, hovertemplate: "%{x:.3s}: %{y:.2e}" }));
    const x = figure.unit === "bp" ? bpAxis("distance") : logAxis("distance (bins)");
    return [traces, layout(traces, { xaxis: x, yaxis: logAxis("mean contacts") })];
  },
};

const settings = {
  displaylogo: false,
  responsive: true,
  modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
  toImageButtonOptions: { format: "svg" },
};
function draw(place) {
  const figure = data.figures[place.dataset.plot];
  const [traces, laid] = builders[figure.kind](figure);
  if (state.print) laid.width = 660;
  Plotly.react(place, traces, laid, settings);
  if (!place.dataset.ready) {
    place.dataset.ready = "yes";
    if (["scaling", "complexity", "depth"].includes(figure.kind)) {
      place.on("plotly_legendclick", (event) => {
        toggle(event.data[event.curveNumber].meta);
        return false;
      });
    }
  }
}
function drawAll() {
  for (const swatch of all("[data-colour]")) swatch.style.background = ofLibrary(Number(swatch.dataset.colour));
  all("[data-plot]").forEach(draw);
}

function toggle(number, on = state.off.has(number)) {
  if (on) state.off.delete(number); else state.off.add(number);
  shown();
}
function shown() {
  for (const chip of all("[data-toggle]")) chip.setAttribute("aria-pressed", !state.off.has(Number(chip.dataset.toggle)));
  drawAll();
}
for (const chip of all("[data-toggle]")) chip.addEventListener("click", () => toggle(Number(chip.dataset.toggle)));
document.getElementById("all")?.addEventListener("click", () => { state.off.clear(); shown(); });
document.getElementById("none")?.addEventListener("click", () => {
  for (const chip of all("[data-toggle]")) state.off.add(Number(chip.dataset.toggle));
  shown();
});

const orientation = document.getElementById("orientation");
if (orientation) {
  const choose = () => { state.orientation = Number(orientation.value); };
  choose();
  orientation.addEventListener("change", () => { choose(); all("[data-plot=orientations]").forEach(draw); });
}

// Of buttons side by side one is pressed.
function choice(selector, act) {
  for (const button of all(selector)) {
    button.addEventListener("click", () => {
      for (const one of all(selector)) one.setAttribute("aria-pressed", one === button);
      act(button);
    });
  }
}
choice("[data-unit]", (button) => { state.unit = button.dataset.unit; all("[data-plot]").forEach(draw); });
function showFilter(name) {
  for (const article of all("article")) {
    const parts = all(".filter", article);
    const has = parts.some((part) => part.dataset.filter === name);
    for (const part of parts) part.hidden = has && part.dataset.filter !== name;
  }
}
choice("[data-show]", (button) => showFilter(button.dataset.show));
const first = document.querySelector("[data-show]");
if (first) showFilter(first.dataset.show);

const theme = document.getElementById("theme");
function named() {
  theme.textContent = page.dataset.theme === "dark" ? "Light theme" : "Dark theme";
}
theme.addEventListener("click", () => {
  page.dataset.theme = page.dataset.theme === "dark" ? "light" : "dark";
  page.dataset.chosen = page.dataset.theme;
  try { localStorage.setItem("hicloom-theme", page.dataset.theme); } catch { /* not kept */ }
  named();
  drawAll();
});
addEventListener("theme", () => { named(); drawAll(); });

function printing(on) {
  if (state.print === on) return;
  state.print = on;
  page.toggleAttribute("data-print", on);
  drawAll();
}
addEventListener("beforeprint", () => printing(true));
addEventListener("afterprint", () => printing(false));
matchMedia("print").addEventListener("change", (event) => printing(event.matches));

// Where the pointer is on a map: row by column, as chrom:position.
function position(picture, part) {
  let bins = picture.spans.reduce((sum, [, , size]) => sum + size, 0) * part;
  for (const [name, start, size] of picture.spans) {
    if (bins < size) {
      const bp = start + Math.floor(bins) * picture.step;
      return `${name}:${bp.toLocaleString("en")}`;
    }
    bins -= size;
  }
  return "";
}
for (const plate of all("[data-picture]")) {
  const picture = data.pictures[Number(plate.dataset.picture)];
  const image = plate.querySelector("img");
  const where = plate.parentElement.querySelector(".where");
  image.addEventListener("pointermove", (event) => {
    const box = image.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    where.textContent = `${position(picture, y)} × ${position(picture, x)}`;
  });
  image.addEventListener("pointerleave", () => { where.textContent = ""; });
}

function sortBy(table, column, ascending) {
  const key = (row) => {
    const cell = row.cells[column];
    const text = cell.dataset.value ?? (cell.classList.contains("number") ? "" : cell.textContent.trim());
    return text === "" ? null : Number.isNaN(Number(text)) ? text : Number(text);
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : `${a}`.localeCompare(`${b}`, "en", { numeric: true }));
  const body = table.tBodies[0];
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    // What has no number comes last, whichever way.
    if (a === null || b === null) return (a === null) - (b === null);
    return ascending ? compare(a, b) : compare(b, a);
  });
  body.append(...rows);
}
for (const table of all(".sortable")) {
  all("thead button", table).forEach((button, column) => button.addEventListener("click", () => {
    const head = button.parentElement;
    const ascending = head.getAttribute("aria-sort") !== "ascending";
    all("th[aria-sort]", table).forEach((one) => one.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    sortBy(table, column, ascending);
  }));
}

// The part of the page in view, in the list of sections.
const links = new Map(all("nav a[href^='#']").map((link) => [link.hash.slice(1), link]));
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    for (const [id, link] of links) {
      link.classList.toggle("here", id === entry.target.id);
      if (id === entry.target.id) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  }
}, { rootMargin: "-15% 0px -75% 0px" });
for (const id of links.keys()) seen.observe(document.getElementById(id));

named();
drawAll();
