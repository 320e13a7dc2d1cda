"use strict";
// The bundle of higlass-python is made for Jupyter: it asks an AMD loader for Jupyter's widgets
// and gives a widget. The widget needs a model with a few values, and an element.

const widget = { extend: (members) => members };
window.define = (names, make) => {
  window.higlass = make({ DOMWidgetModel: widget, DOMWidgetView: widget });
};

const number = (text) => Number(text.replaceAll(",", ""));
const round = (value) => Math.round(value).toLocaleString("en-US");

// Chromosomes in a row: from a place on the row to one on a chromosome, and back.
class Genome {
  constructor(chromsizes) {
    this.chroms = [];
    let start = 0;
    for (const [name, size] of chromsizes) {
      this.chroms.push({ name, size, start });
      start += size;
    }
    this.length = start;
  }

  at(place) {
    const found = this.chroms.findLast((chrom) => chrom.start <= place) || this.chroms[0];
    return { chrom: found, position: place - found.start };
  }

  // The text of [from, to): chr1:1-20, chr1 when it is all of it, or chr1:5-chr2:10.
  text([from, to]) {
    const low = this.at(Math.max(0, Math.round(from)));
    const high = this.at(Math.max(low.chrom.start, Math.min(this.length, Math.round(to)) - 1));
    if (low.chrom !== high.chrom) {
      if (low.position === 0 && low.chrom.start === 0 && to >= this.length) return "";
      const last = `${high.chrom.name}:${round(high.position + 1)}`;
      return `${low.chrom.name}:${round(low.position + 1)}-${last}`;
    }
    if (low.position === 0 && high.position + 1 === low.chrom.size) return low.chrom.name;
    return `${low.chrom.name}:${round(low.position + 1)}-${round(high.position + 1)}`;
  }

  chrom(name) {
    return this.chroms.find((chrom) => chrom.name === name);
  }

  // [from, to) of a text; null when it is none. Names may hold ":" and "-".
  side(text) {
    if (text === "" || text === "*") return [0, this.length];
    const whole = this.chrom(text);
    if (whole) return [whole.start, whole.start + whole.size];
    const match = /^(.+?):([\d,]+)-(?:(.+):)?([\d,]+)$/.exec(text);
    if (!match) return null;
    const low = this.chrom(match[1]);
    const high = this.chrom(match[3] || match[1]);
    if (!low || !high) return null;
    const from = low.start + Math.max(1, number(match[2])) - 1;
    const to = high.start + Math.min(number(match[4]), high.size);
    return from < to ? [from, to] : null;
  }

  // Both sides of a region, x and y; null when it is none.
  region(text) {
    const parts = text.replace(/\s/g, "").split("|");
    const sides = [parts[0], parts[parts.length - 1]].map((part) => this.side(part));
    return parts.length > 2 || sides.includes(null) ? null : sides;
  }

  regionText(x, y) {
    const [one, two] = [this.text(x), this.text(y)];
    const same = one === two || this.nearly(x, y);
    return same ? one : `${one || "*"}|${two || "*"}`;
  }

  // A view is seldom square: sides that have one middle are one region.
  nearly(x, y) {
    return Math.abs(x[0] + x[1] - y[0] - y[1]) < 0.02 * (x[1] - x[0]);
  }
}

const find = (id) => document.getElementById(id);

function tell(text, good) {
  find("problem").textContent = text;
  find("problem").classList.toggle("good", Boolean(good));
}

function asked() {
  return decodeURIComponent(location.hash.slice(1));
}

class Page {
  constructor(settings) {
    this.views = settings.viewconf.views;
    this.genomes = this.views.map((view) => new Genome(settings.chromsizes[view.uid] || []));
    this.viewconf = settings.viewconf;
  }

  // Before HiGlass starts, so that nothing else is drawn first.
  startAt(text) {
    this.views.forEach((view, index) => {
      const sides = text && this.genomes[index].region(text);
      if (sides) [view.initialXDomain, view.initialYDomain] = sides;
    });
  }

  show(element) {
    const values = {
      viewconf: this.viewconf, bounded: true, options: {}, location: this.views.map(() => []),
      dark_mode: false, renderer: "", select_mode: false,
    };
    const model = { get: (key) => values[key] ?? null, set() {}, save_changes() {}, on() {} };
    const display = Object.assign({}, window.higlass.HiGlassDisplayView, { el: element, model });
    display.render();
    this.hg = display.hg;
    this.hg.on("location", (place) => this.moved(place), this.views[0].uid);
  }

  go(text) {
    const sides = this.genomes.map((genome) => genome.region(text));
    if (sides.every((both) => both === null)) {
      tell(`No such region: ${text}`);
      return;
    }
    tell("");
    const led = new Set();
    sides.forEach((both, index) => {
      // Views under one lock follow the first, but only of what is animated.
      const { uid } = this.views[index];
      const lock = JSON.stringify(this.viewconf.locationLocks?.locksByViewUid?.[uid] ?? uid);
      if (both && !led.has(lock)) this.hg.zoomTo(uid, ...both[0], ...both[1], 300);
      led.add(lock);
    });
  }

  moved({ xDomain, yDomain }) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const map = this.views[0].tracks.center.length > 0;
      const text = this.genomes[0].regionText(xDomain, map ? yDomain : xDomain);
      if (document.activeElement !== find("position")) find("position").value = text;
      const link = encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",");
      history.replaceState(null, "", text ? `#${link}` : location.pathname);
    }, 200);
  }
}

function listen(page) {
  document.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    find("position").blur();
    page.go(find("position").value.trim());
  });
  window.addEventListener("hashchange", () => page.go(asked()));
  find("copy").addEventListener("click", () => {
    navigator.clipboard.writeText(location.href).then(
      () => tell("copied", true),
      () => tell("the link is in the address bar"),
    );
    setTimeout(() => tell(""), 3000);
  });
}

async function start() {
  const settings = await (await fetch("settings.json")).json();
  const page = new Page(settings);
  page.startAt(asked());
  find("position").value = asked();
  document.title = document.querySelector("h1").textContent = settings.title;
  page.show(find("view"));
  listen(page);
  window.page = page;
}

const script = document.createElement("script");
script.src = "higlass.js";
script.onload = () => start().catch((error) => tell(`HiGlass does not start: ${error.message}`));
document.head.append(script);
