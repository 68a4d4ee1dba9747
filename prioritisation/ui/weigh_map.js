// The true map: one path per area, recoloured in place; overlays for the shortlist, the pointer and the selection.

const SVG = "http://www.w3.org/2000/svg";
const CLASS_WORDS = ["least need", "greatest need"];

function svgElement(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.appendChild(made);
  return made;
}

class AreaMap {
  /** actions: { hover(area or -1), select(area) } */
  constructor(parent, actions) {
    this.actions = actions;
    this.legend(parent);
    this.frame = element("div", { class: "map-frame" }, parent);
    this.waiting = element("p", { class: "muted", text: "Drawing the map…" }, this.frame);
    this.tip = element("div", { class: "tip", "aria-hidden": "true" }, this.frame);
    this.tipName = element("strong", {}, this.tip);
    this.tipPlace = element("span", {}, this.tip);
    this.tipScore = element("span", {}, this.tip);
    this.paths = [];
  }

  legend(parent) {
    const legend = element("div", { class: "legend" }, parent);
    const scale = element("span", { class: "scale" }, legend);
    element("span", { text: CLASS_WORDS[0] }, scale);
    const ramp = element("span", { class: "ramp", "aria-hidden": "true" }, scale);
    for (let k = 0; k < CLASS_COUNT; k++) element("i", {}, ramp).style.background = `var(--class-${k})`;
    element("span", { text: CLASS_WORDS[1] }, scale);
    const listed = element("span", { class: "entry" }, legend);
    element("i", { class: "outlined", "aria-hidden": "true" }, listed);
    element("span", { text: "shortlist" }, listed);
    this.unscoredEntry = element("span", { class: "entry", hidden: "" }, legend);
    element("i", { class: "hatched", "aria-hidden": "true" }, this.unscoredEntry);
    this.unscoredText = element("span", {}, this.unscoredEntry);
  }

  /** Build the drawing of one boundary set; areas without a path stay in the list only. */
  build(geometry, table) {
    this.svg?.remove();
    this.waiting.remove();
    this.geometry = geometry;
    this.table = table;
    const svg = (this.svg = svgElement("svg", { class: "map", role: "img", preserveAspectRatio: "xMidYMin meet" }));
    svg.setAttribute("aria-label", "Map of the areas by overall score, darker where need is greater. "
      + "The ranked list has the same areas with their ranks and scores.");
    this.hatch(svg);
    const byId = new Map(geometry.areas.map((area) => [area.id, area.path]));
    const group = svgElement("g", { class: "areas" }, svg);
    this.paths = table.areas.map((area, i) => svgElement("path", { d: byId.get(area.id) ?? "", "data-area": i }, group));
    this.fills = new Array(this.paths.length).fill("");
    this.outlines = geometry.localities.map(
      (place) => svgElement("path", { class: "locality", d: place.path, "data-name": place.name }, svg));
    // Each outline lies on a casing in the ground's colour, so that it shows on the darkest class too.
    for (const name of ["shortlist", "pointed", "chosen"]) {
      this[name] = ["casing", "outline"].map((part) => svgElement("path", { class: `${name} ${part}` }, svg));
    }
    this.listed = "";
    this.listen(svg);
    this.frame.prepend(svg);
    this.zoom(undefined);
  }

  hatch(svg) {
    const pattern = svgElement("pattern", {
      id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    }, svgElement("defs", {}, svg));
    svgElement("rect", { width: 6, height: 6, class: "hatch-ground" }, pattern);
    svgElement("rect", { width: 2, height: 6, class: "hatch-line" }, pattern);
    this.pattern = pattern;
  }

  listen(svg) {
    const areaAt = (event) => Number(event.target.getAttribute?.("data-area") ?? -1);
    svg.addEventListener("pointermove", (event) => {
      this.at = event;
      this.actions.hover(areaAt(event));
    });
    svg.addEventListener("pointerleave", () => this.actions.hover(-1));
    svg.addEventListener("click", (event) => areaAt(event) >= 0 && this.actions.select(areaAt(event)));
  }

  /** Show one locality, the rest dimmed; or everything when the geometry does not know the name. */
  zoom(locality) {
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
    this.paths.forEach((path, i) => path.toggleAttribute("data-dim", index >= 0 && this.table.areas[i].locality !== locality));
    this.outlines.forEach((path, i) => path.toggleAttribute("data-own", i === index));
  }

  draw(state, colours) {
    if (!this.svg) return;
    for (let i = 0; i < this.paths.length; i++) {
      const k = state.classes[i];
      const fill = k < 0 ? "url(#hatch)" : colours[k];
      if (this.fills[i] === fill) continue;
      this.fills[i] = fill;
      this.paths[i].setAttribute("fill", fill);
      this.paths[i].setAttribute("data-class", k);
    }
    this.drawShortlist(state);
    const unscored = state.ranks.length - state.scored;
    setFlag(this.unscoredEntry, "hidden", !unscored);
    setText(this.unscoredText, `not scored (${unscored})`);
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
    const outline = areas.map((i) => this.paths[i].getAttribute("d")).join("");
    this[overlay].forEach((path) => path.setAttribute("d", outline));
  }

  mark(overlay, area) {
    if (this.svg) this.trace(overlay, area >= 0 ? [area] : []);
  }

  /** The tooltip stays inside the map; it is text only. */
  showTip(lines) {
    this.tip.toggleAttribute("data-shown", Boolean(lines));
    if (!lines || !this.at) return;
    setText(this.tipName, lines[0]);
    setText(this.tipPlace, lines[1]);
    setText(this.tipScore, lines[2]);
    const frame = this.frame.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.tip;
    const x = Math.min(this.at.clientX - frame.left + 14, frame.width - offsetWidth);
    const below = this.at.clientY - frame.top + 18;
    const y = below + offsetHeight > frame.height ? below - offsetHeight - 30 : below;
    this.tip.style.transform = `translate(${Math.max(0, x).toFixed(0)}px, ${Math.max(0, y).toFixed(0)}px)`;
  }
}
