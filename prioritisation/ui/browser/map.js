// The map for exploring: one path per area. Python says what each looks like; here is only drawing and picking.

const SVG = "http://www.w3.org/2000/svg";
const STEP = 1.6;
const DEEPEST = 40;
const WITHOUT_PATTERN = ["zero", "worsening", "improving", "steady"];

function make(name, attributes, parent, text) {
  const svg = ["svg", "path", "g", "defs", "pattern", "rect", "circle", "text"].includes(name);
  const made = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

const maps = new WeakMap();

class AreaMap {
  constructor(parent, geometry) {
    this.geometry = geometry;
    this.root = make("div", { class: "map-frame" }, parent);
    this.svg = make("svg", { role: "img" }, this.root);
    this.defs = make("defs", {}, this.svg);
    this.patterns();
    const group = make("g", {}, this.svg);
    this.paths = geometry.areas.map((area, i) => make("path", { d: area.path, "data-area": i }, group));
    this.group = group;
    this.marks = make("g", { class: "marks", "aria-hidden": "true" }, this.svg);
    this.localities = geometry.localities.map((place) => make("path", { d: place.path, class: "locality" }, this.svg));
    this.pointed = make("path", { class: "pointed" }, this.svg);
    this.chosen = make("path", { class: "chosen" }, this.svg);
    this.tip = make("div", { class: "tip", "aria-hidden": "true" }, this.root);
    this.lines = ["strong", "span", "span"].map((name) => make(name, {}, this.tip));
    this.buttons();
    this.image = new ImageControl(this.root, "this map", () => ({ about: this.data.about, parts: this.onPaper() }));
    this.listen();
  }

  patterns() {
    const tile = { width: 6, height: 6, patternUnits: "userSpaceOnUse" };
    this.hatch = make("pattern", { id: "suppressed", ...tile }, this.defs);
    make("rect", { width: 6, height: 6, class: "suppressed-ground" }, this.hatch);
    make("rect", { width: 1.8, height: 6, class: "suppressed-mark" }, this.hatch);
    this.dots = make("pattern", { id: "missing", ...tile }, this.defs);
    make("rect", { width: 6, height: 6, class: "missing-ground" }, this.dots);
    make("circle", { cx: 3, cy: 3, r: 1.1, class: "missing-mark" }, this.dots);
  }

  buttons() {
    const bar = make("div", { class: "zoom", role: "group", "aria-label": "Zoom" }, this.root);
    const button = (text, label, act) => {
      const made = make("button", { type: "button", "aria-label": label, title: label }, bar, text);
      made.addEventListener("click", act);
      return made;
    };
    button("+", "Closer", () => this.scale(1 / STEP));
    button("−", "Further away", () => this.scale(STEP));
    button("⤢", "Show everything", () => this.home());
    this.nearer = button("◎", "Show the outlined areas", () => this.nearGroups());
  }

  take({ data, setTriggerValue }) {
    const first = this.data === undefined;
    const moved = first || this.data.locality !== data.locality;
    this.data = data;
    this.send = setTriggerValue;
    this.colours();
    this.svg.setAttribute("aria-label", data.label);
    this.image.root.hidden = !data.about;
    this.paths.forEach((path, i) => this.paint(path, i));
    // Areas in a state keep their own border on top of their neighbours'; those that changed, above all.
    const framed = this.paths.filter((path) => path.dataset.state);
    for (const steady of [true, false]) framed.filter((path) => (path.dataset.state === "steady") === steady).forEach((path) => this.group.append(path));
    this.surround(data.groups ?? []);
    this.label(data.labels ?? []);
    this.count(data.circles ?? []);
    this.localities.forEach((path, i) => path.toggleAttribute("data-own", this.geometry.localities[i].name === data.locality));
    if (moved) this.home();
    if (this.over >= 0) this.say();
    this.chosen.setAttribute("d", data.selected >= 0 ? this.geometry.areas[data.selected].path : "");
    this.root.dataset.ready = "true";
  }

  /** The map as a picture needs it: in light colours, which it has on the screen only while it is copied. */
  onPaper() {
    this.root.style.setProperty("--st-background-color", "#ffffff");
    this.colours(this.data.paper);
    const parts = mapParts([this.svg]);
    this.root.style.removeProperty("--st-background-color");
    this.colours();
    return parts;
  }

  colours(colours = this.data.colours) {
    const style = this.root.style;
    colours.ramp.forEach((colour, k) => style.setProperty(`--class-${k + 1}`, colour));
    for (const [state, [ground, mark, border]] of Object.entries(colours.states)) {
      style.setProperty(`--${state}-ground`, ground);
      style.setProperty(`--${state}-mark`, mark);
      style.setProperty(`--${state}-border`, border);
    }
    for (const name of ["border", "locality", "selected"]) style.setProperty(`--${name}`, colours[name]);
  }

  paint(path, i) {
    const look = this.data.looks[i];
    const state = typeof look === "string" ? look : "";
    path.dataset.state = state;
    path.setAttribute("fill", WITHOUT_PATTERN.includes(state) ? `var(--${state}-ground)` : state ? `url(#${state})` : `var(--class-${look})`);
    path.toggleAttribute("data-dim", Boolean(this.data.locality) && this.data.places[i] !== this.data.locality);
    if (!state) path.removeAttribute("data-state");
  }

  // A line round each group of areas: a thick one under them all, of which only the outer half stays to be seen.
  surround(groups) {
    this.groups = groups;
    this.nearer.hidden = groups.length !== 1;
    this.group.querySelectorAll(".surround").forEach((path) => path.remove());
    for (const areas of groups) {
      const outline = areas.map((i) => this.geometry.areas[i].path).join("");
      for (const part of ["casing", "line"]) make("path", { class: `surround ${part}`, d: outline }, this.group);
      areas.forEach((i) => this.group.append(this.paths[i]));
    }
  }

  nearGroups() {
    const boxes = this.groups.flat().map((i) => this.paths[i].getBBox());
    const [left, top] = ["x", "y"].map((at) => Math.min(...boxes.map((box) => box[at])));
    const right = Math.max(...boxes.map((box) => box.x + box.width));
    const bottom = Math.max(...boxes.map((box) => box.y + box.height));
    const margin = Math.max(right - left, bottom - top) * 0.25;
    this.show({ x: left - margin, y: top - margin, width: right - left + 2 * margin, height: bottom - top + 2 * margin });
  }

  // Short texts on areas, the size of letters on the screen at every zoom.
  label(labels) {
    this.marks.replaceChildren();
    for (const [area, text, look] of labels) {
      const box = this.paths[area].getBBox();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2].map((at) => at.toFixed(1));
      make("text", { x, y, class: look }, this.marks, text);
    }
    if (this.unit) this.marks.style.fontSize = `${(13 * this.unit).toFixed(2)}px`;
  }

  // A circle for what lies in an area, its surface as large as the count, at every zoom.
  count(circles) {
    this.circles = circles.map(([area, count]) => {
      const box = this.paths[area].getBBox();
      const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2].map((at) => at.toFixed(1));
      return { drawn: make("circle", { cx, cy, class: "count" }, this.marks), radius: 2.3 * Math.sqrt(count) };
    });
    this.sizeCircles();
  }

  sizeCircles() {
    for (const { drawn, radius } of this.circles ?? []) drawn.setAttribute("r", (radius * (this.unit ?? 1)).toFixed(2));
  }

  home() {
    const index = this.geometry.localities.findIndex((place) => place.name === this.data.locality);
    const { width, height } = this.geometry;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const box = index >= 0 ? this.localities[index].getBBox() : { x: 0, y: 0, width, height };
    const margin = Math.max(box.width, box.height) * 0.02;
    this.show({ x: box.x - margin, y: box.y - margin, width: box.width + 2 * margin, height: box.height + 2 * margin });
  }

  show(box) {
    this.box = box;
    this.svg.setAttribute("viewBox", [box.x, box.y, box.width, box.height].map((x) => x.toFixed(2)).join(" "));
    // Marks keep their size on the screen at every zoom.
    const { clientWidth, clientHeight } = this.svg;
    const unit = Math.max(box.width / (clientWidth || 600), box.height / (clientHeight || 400));
    this.hatch.setAttribute("patternTransform", `scale(${unit.toFixed(4)}) rotate(45)`);
    this.dots.setAttribute("patternTransform", `scale(${unit.toFixed(4)})`);
    this.unit = unit;
    this.marks.style.fontSize = `${(13 * unit).toFixed(2)}px`;
    this.sizeCircles();
  }

  scale(factor) {
    const { box, geometry } = this;
    const width = Math.min(geometry.width * 1.3, Math.max(geometry.width / DEEPEST, box.width * factor));
    const height = box.height * (width / box.width);
    this.show({ x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height });
  }

  listen() {
    const areaAt = (event) => Number(event.target.getAttribute?.("data-area") ?? -1);
    this.svg.addEventListener("pointerdown", (event) => {
      this.from = { x: event.clientX, y: event.clientY, box: this.box, moved: false };
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (this.from && event.buttons) this.drag(event);
      else this.point(areaAt(event), event);
    });
    this.svg.addEventListener("pointerleave", () => this.point(-1));
    this.svg.addEventListener("click", (event) => {
      const area = areaAt(event);
      if (area >= 0 && !this.from?.moved) this.send("area", this.geometry.areas[area].id);
    });
  }

  drag(event) {
    const { from, unit } = this;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && Math.hypot(dx, dy) < 5) return;
    from.moved = true;
    this.point(-1);
    this.show({ ...from.box, x: from.box.x - dx * unit, y: from.box.y - dy * unit });
  }

  // What the tip says; after a click the area under the pointer may have other words.
  say() {
    const { names, places, values } = this.data;
    const area = this.over;
    [names[area], places[area] ?? "", values[area]].forEach((text, i) => (this.lines[i].textContent = text));
  }

  point(area, event) {
    this.pointed.setAttribute("d", area >= 0 ? this.geometry.areas[area].path : "");
    this.tip.toggleAttribute("data-shown", area >= 0);
    this.over = area;
    if (area < 0) return;
    this.say();
    const frame = this.root.getBoundingClientRect();
    const x = Math.min(event.clientX - frame.left + 14, frame.width - this.tip.offsetWidth);
    const below = event.clientY - frame.top + 18;
    const y = below + this.tip.offsetHeight > frame.height ? below - this.tip.offsetHeight - 30 : below;
    this.tip.style.transform = `translate(${Math.max(0, x).toFixed(0)}px, ${Math.max(0, y).toFixed(0)}px)`;
  }
}

function draw(mount) {
  const { parentElement, data } = mount;
  const geometry = window.__prioritisationOutlines?.get(data.geometry);
  if (!geometry) {
    addEventListener("prioritisation-outlines", () => draw(mount), { once: true });
    return;
  }
  let map = maps.get(parentElement);
  if (!map || map.geometry !== geometry) {
    parentElement.querySelector(".map-frame")?.remove();
    map = new AreaMap(parentElement, geometry);
    maps.set(parentElement, map);
  }
  map.take(mount);
}

export default function (mount) {
  draw(mount);
}
