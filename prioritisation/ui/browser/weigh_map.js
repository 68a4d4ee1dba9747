// One drawing of all areas, as they lie or as hexagons: recoloured in place; outlines for shortlist, pointer, selection.

const GLYPHS = [ // 1 to 5 and a dash as strokes: where each starts, and how it goes on, in heights of a line
  [-0.14, -0.2, "l.17 -.15v.7"],
  [-0.2, -0.17, "c0 -.25 .42 -.25 .4 .03c-.01 .16 -.3 .29 -.42 .49h.44"],
  [-0.2, -0.24, "c.1 -.16 .4 -.14 .38 .07c-.01 .13 -.13 .15 -.23 .15c.15 0 .27 .06 .26 .2c-.02 .22 -.35 .22 -.43 .04"],
  [0.1, 0.35, "v-.7l-.34 .49h.48"],
  [0.18, -0.35, "h-.32l-.03 .32c.09 -.1 .38 -.1 .38 .15c0 .28 -.33 .29 -.43 .11"],
  [-0.15, 0, "h.3"],
];

function spelledGlyph([x, y, strokes], size) {
  const tail = strokes.replace(/-?\.\d+/g, (number) => (Number(number) * size).toFixed(1));
  return { start: [x * size, y * size], tail };
}

class AreaDrawing {
  /** kind: "true" or "hexagons"; actions: { hover(area or -1, event), select(area), say(area) } */
  constructor(parent, kind, actions) {
    this.kind = kind;
    this.actions = actions;
    this.frame = element("div", { class: `map-frame ${kind}-map` }, parent);
    this.waiting = element("p", { class: "muted", text: "Drawing the map…" }, this.frame);
    this.paths = [];
    this.labels = [];
  }

  /** Build the drawing of one boundary set; areas without a path stay in the list only. */
  build(geometry, table) {
    this.svg?.remove();
    this.waiting.remove();
    Object.assign(this, { geometry, table, centres: undefined, fills: new Array(table.count).fill(""), listed: "" });
    const svg = (this.svg = svgElement("svg", { class: "map", role: "application", tabindex: 0, preserveAspectRatio: "xMidYMid meet" }));
    svg.setAttribute("aria-label", `${this.kind === "true" ? "Map" : "Map of equal hexagons, one per area"}: darker is greater `
      + "need. Arrow keys go from area to area, Enter selects. The ranked list has the same areas.");
    this.hatch(svg);
    const byId = new Map(geometry.areas.map((area) => [area.id, area]));
    const group = svgElement("g", { class: "areas" }, svg);
    this.known = table.areas.map((area) => byId.get(area.id));
    this.paths = this.known.map((area, i) => svgElement("path", { d: area?.path ?? "", "data-area": i }, group));
    this.buildLabels(svg);
    this.outlines = geometry.localities.map(
      (place) => svgElement("path", { class: "locality", d: place.path, "data-name": place.name }, svg));
    // Each outline lies on a casing in the ground's colour, so that it shows on the darkest class too.
    for (const name of ["shortlist", "pointed", "chosen"]) {
      this[name] = ["casing", "outline"].map((part) => svgElement("path", { class: `${name} ${part}` }, svg));
    }
    this.listen(svg);
    this.frame.prepend(svg);
    this.zoom(undefined);
  }

  /** The class as a number in each hexagon: one path per class, since many texts take long to lay out. */
  buildLabels(svg) {
    this.labels = [];
    if (this.kind === "true") return;
    const size = (this.hexagonWidth() ?? 20) * 0.52;
    const group = svgElement("g", { class: "labels", "aria-hidden": "true", "stroke-width": (size * 0.13).toFixed(2) }, svg);
    this.labels = GLYPHS.map((glyph, k) => ({ ...spelledGlyph(glyph, size), path: svgElement("path", { "data-label": k }, group) }));
  }

  hexagonWidth() {
    const points = this.known.find((area) => area)?.path.match(/-?\d*\.?\d+/g)?.map(Number);
    if (!points || points.length < 12) return undefined;
    const across = [0];
    for (let i = 2; i < points.length; i += 2) across.push(across.at(-1) + points[i]);
    return Math.max(...across) - Math.min(...across);
  }

  hatch(svg) {
    this.hatching = `hatch-${this.kind}`;
    const pattern = svgElement("pattern", {
      id: this.hatching, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    }, svgElement("defs", {}, svg));
    svgElement("rect", { width: 6, height: 6, class: "hatch-ground" }, pattern);
    svgElement("rect", { width: 2, height: 6, class: "hatch-line" }, pattern);
    this.pattern = pattern;
  }

  listen(svg) {
    const areaAt = (event) => Number(event.target.getAttribute?.("data-area") ?? -1);
    svg.addEventListener("pointermove", (event) => this.actions.hover(areaAt(event), event));
    svg.addEventListener("pointerleave", () => this.actions.hover(-1));
    svg.addEventListener("click", (event) => areaAt(event) >= 0 && this.actions.select(areaAt(event)));
    svg.addEventListener("focus", () => svg.matches(":focus-visible") && this.point(this.start()));
    svg.addEventListener("blur", () => this.actions.hover(-1));
    svg.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key in steps) this.point(this.beyond(this.at ?? this.start(), ...steps[event.key]));
    else if (event.key !== "Enter" && event.key !== " ") return;
    else if (this.at >= 0) this.actions.select(this.at);
    event.preventDefault();
  }

  /** The selected area, or else the first in the ranking that is drawn. */
  start() {
    const { selected, order } = this.state;
    const drawn = (area) => area >= 0 && this.known[area]?.path;
    return drawn(selected) ? selected : order.find(drawn) ?? -1;
  }

  point(area) {
    if (area < 0) return;
    this.at = area;
    const box = this.paths[area].getBoundingClientRect();
    this.actions.hover(area, { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 });
    this.actions.say(area);
  }

  /** The nearest area in one direction; one that lies askew counts as further away. */
  beyond(from, dx, dy) {
    this.centres ??= this.known.map((area, i) => (area?.x === undefined ? middleOf(this.paths[i]) : [area.x, area.y]));
    let [best, least] = [from, Infinity];
    this.centres.forEach(([x, y], area) => {
      const [ahead, aside] = [(x - this.centres[from][0]) * dx + (y - this.centres[from][1]) * dy,
        Math.abs((x - this.centres[from][0]) * dy) + Math.abs((y - this.centres[from][1]) * dx)];
      const cost = ahead + 2 * aside;
      if (ahead > 0 && aside <= 2 * ahead && cost < least) [best, least] = [area, cost];
    });
    return best;
  }

  /** Show one locality, the rest dimmed; or everything when the geometry does not know the name. */
  zoom(locality) {
    if (!this.svg) return;
    const index = this.geometry.localities.findIndex((place) => place.name === locality);
    const { width, height } = this.geometry;
    this.only = index >= 0 ? locality : undefined;
    let box = { x: 0, y: 0, width, height };
    if (this.only && this.outlines[index].getBBox().width > 0) box = this.outlines[index].getBBox();
    const margin = Math.max(box.width, box.height) * 0.03;
    const corner = [box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin];
    this.svg.setAttribute("viewBox", corner.map((x) => x.toFixed(1)).join(" "));
    const stretch = Math.max(corner[2], corner[3]) / 100;
    this.pattern.setAttribute("patternTransform", `scale(${(stretch / 5).toFixed(3)}) rotate(45)`);
    const outside = (i) => index >= 0 && this.table.areas[i].locality !== locality;
    this.paths.forEach((path, i) => path.toggleAttribute("data-dim", outside(i)));
    this.relabel = true;
    this.outlines.forEach((path, i) => path.toggleAttribute("data-own", i === index));
  }

  draw(state, theme) {
    this.state = state;
    if (!this.svg) return;
    for (let i = 0; i < this.paths.length; i++) {
      const k = state.classes[i];
      const fill = k < 0 ? `url(#${this.hatching})` : RAMPS[theme][k];
      if (this.fills[i] === fill) continue;
      this.fills[i] = fill;
      this.paths[i].setAttribute("fill", fill);
      this.paths[i].setAttribute("data-class", k);
      this.relabel = true;
    }
    if (this.relabel) this.drawLabels(state, theme);
    this.drawShortlist(state);
  }

  /** Areas outside the locality keep their colour, dimmed, and have no number. */
  drawLabels(state, theme) {
    this.relabel = false;
    if (!this.labels.length) return;
    const spelled = this.labels.map(() => "");
    this.known.forEach((area, i) => {
      if (!area || (this.only && this.table.areas[i].locality !== this.only)) return;
      const k = state.classes[i] < 0 ? CLASS_COUNT : state.classes[i];
      const { start, tail } = this.labels[k];
      spelled[k] += `M${(area.x + start[0]).toFixed(1)} ${(area.y + start[1]).toFixed(1)}${tail}`;
    });
    this.labels.forEach(({ path }, k) => {
      setAttribute(path, "d", spelled[k]);
      path.style.stroke = INKS[theme][k] ?? "var(--ink)";
    });
  }

  drawShortlist(state) {
    const inView = (area) => !this.only || this.table.areas[area].locality === this.only;
    const areas = state.shortlist.filter(inView);
    const listed = `${this.only} ${areas}`;
    if (listed === this.listed) return;
    this.listed = listed;
    this.trace("shortlist", areas);
  }

  trace(overlay, areas) {
    const outline = areas.map((i) => this.known[i]?.path ?? "").join("");
    this[overlay].forEach((path) => path.setAttribute("d", outline));
  }

  mark(overlay, area) {
    if (this.svg) this.trace(overlay, area >= 0 ? [area] : []);
  }
}

function middleOf(path) {
  const box = path.getBBox();
  return box.width ? [box.x + box.width / 2, box.y + box.height / 2] : [NaN, NaN];
}
