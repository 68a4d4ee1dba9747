// The twin map: the true map and the hexagons, one at a time or side by side, with one legend, zoom and tooltip.

const KINDS = [["true", "True map"], ["hexagons", "Hexagons"]];
const WHOLE = "Whole council";
const ROOM_FOR_BOTH = matchMedia("(min-width: 1600px)");

class TwinMap {
  /** actions: { hover, select, say } as AreaDrawing's, { zoom(locality or undefined), kind(name), image() } */
  constructor(parent, table, actions) {
    Object.assign(this, { parent, table, actions, kind: "true", twins: false });
    this.chooser(parent);
    this.legend(parent);
    this.frames = element("div", { class: "maps" }, parent);
    const picking = { ...actions, hover: (area, event) => actions.hover(area, (this.event = event)) };
    this.drawings = KINDS.map(([kind]) => new AreaDrawing(this.frames, kind, picking));
    this.image = new ImageControl(this.frames, "the map", actions.image);
    this.tip = element("div", { class: "tip", "aria-hidden": "true" }, this.frames);
    [this.tipName, this.tipPlace, this.tipScore] = ["strong", "span", "span"].map((name) => element(name, {}, this.tip));
    ROOM_FOR_BOTH.addEventListener("change", () => this.state && this.draw(this.state, this.theme));
    this.show("true");
  }

  chooser(parent) {
    const head = element("div", { class: "panel-head map-head" }, parent);
    this.switch = element("div", { class: "segments", role: "group", "aria-label": "Kind of map", hidden: "" }, head);
    this.choices = KINDS.map(([kind, words]) => button(this.switch, words, () => this.actions.kind(kind)));
    this.places = element("select", { class: "places", "aria-label": "Zoom to" }, head);
    this.places.addEventListener("change", () => this.actions.zoom(this.places.value || undefined));
  }

  legend(parent) {
    const legend = element("div", { class: "legend" }, parent);
    const scale = element("span", { class: "scale", title: "Five classes; their limits stay where they are while weights move" }, legend);
    element("span", { text: "least need" }, scale);
    this.ramp = element("span", { class: "ramp", "aria-hidden": "true" }, scale);
    for (let k = 0; k < CLASS_COUNT; k++) element("i", { text: String(k + 1) }, this.ramp);
    element("span", { text: "greatest need" }, scale);
    [this.listed] = this.entry(legend, "outlined");
    [this.unscored, this.unscoredEntry] = this.entry(legend, "hatched");
    [this.outside, this.outsideEntry] = this.entry(legend, "dimmed");
    setText(this.listed, "shortlist");
  }

  entry(legend, sign) {
    const entry = element("span", { class: "entry" }, legend);
    element("i", { class: sign, "aria-hidden": "true" }, entry);
    return [element("span", {}, entry), entry];
  }

  /** geometry: { areas, localities, hexes } with the hexagons alike, or without them. */
  build(geometry) {
    this.geometry = geometry;
    this.twins = Boolean(geometry.hexes);
    this.switch.hidden = !this.twins;
    this.parent.toggleAttribute("data-twins", this.twins);
    this.drawings[0].build(geometry, this.table);
    if (this.twins) this.drawings[1].build(geometry.hexes, this.table);
    const names = geometry.localities.map((place) => place.name);
    this.places.replaceChildren(new Option(WHOLE, ""), ...names.map((name) => new Option(name, name)));
    this.places.hidden = !names.length;
    this.show(this.twins ? this.kind : "true");
  }

  /** Which map to see where there is room for one. */
  show(kind) {
    this.kind = kind;
    this.parent.dataset.kind = this.twins ? kind : "true";
    this.choices.forEach((choice, i) => choice.setAttribute("aria-pressed", String(KINDS[i][0] === kind)));
    if (this.state) this.draw(this.state, this.theme);
  }

  zoom(locality) {
    this.drawings.forEach((drawing) => drawing.zoom(locality));
    const only = this.drawings[0].only;
    this.places.value = only ?? "";
    setFlag(this.outsideEntry, "hidden", !only);
    setText(this.outside, `outside ${only}`);
  }

  seen(drawing) {
    return !this.twins || ROOM_FOR_BOTH.matches || drawing.kind === this.kind;
  }

  /** Only what is seen is drawn; the other one catches up when it is shown. */
  draw(state, theme) {
    if (this.theme !== theme) Array.from(this.ramp.children, (step, k) => (step.style.color = INKS[theme][k]));
    Object.assign(this, { state, theme });
    for (const drawing of this.drawings) {
      drawing.state = state;
      if (this.seen(drawing)) drawing.draw(state, theme);
    }
    const unscored = state.ranks.length - state.scored;
    setFlag(this.unscoredEntry, "hidden", !unscored);
    setText(this.unscored, `not scored (${unscored})`);
  }

  mark(overlay, area) {
    this.drawings.forEach((drawing) => drawing.mark(overlay, area));
  }

  /** The tooltip stays inside the maps; it is text only. */
  showTip(lines) {
    this.tip.toggleAttribute("data-shown", Boolean(lines && this.event));
    if (!lines || !this.event) return;
    [this.tipName, this.tipPlace, this.tipScore].forEach((node, i) => setText(node, lines[i]));
    const frame = this.frames.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.tip;
    const x = Math.min(this.event.clientX - frame.left + 14, frame.width - offsetWidth);
    const below = this.event.clientY - frame.top + 18;
    const y = below + offsetHeight > frame.height ? below - offsetHeight - 30 : below;
    this.tip.style.transform = `translate(${Math.max(0, x).toFixed(0)}px, ${Math.max(0, y).toFixed(0)}px)`;
  }
}
