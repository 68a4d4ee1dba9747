// The weighing view: while a slider moves, everything follows here; on release Python's exact result replaces it.

/** The unchanging part of the view, with its columns ready for the loops. */
function tableOf(sent) {
  const width = sent.priorities.length;
  const geometric = sent.aggregate === "geometric";
  const terms = columns(geometric ? sent.logs : sent.scores, width);
  const areas = sent.areas.map((area) => ({ ...area, searched: searchable(`${area.name} ${area.locality ?? ""} ${area.id}`) }));
  return {
    ...sent, width, geometric, terms, areas, count: areas.length, scratch: new Float64Array(width),
    priorityScores: geometric ? columns(sent.scores, width) : terms, places: new Map(areas.map((area, i) => [area.id, i])),
  };
}

function emptyState(table) {
  return {
    weights: new Weights(table.priorities), ids: table.areas.map((area) => area.id),
    sums: new Float64Array(table.count), score: new Float64Array(table.count), keys: new Float64Array(table.count),
    order: Uint32Array.from(table.areas.keys()), ranks: new Uint32Array(table.count),
    classes: new Int8Array(table.count), scored: 0, cut: 0, breaks: [], shortlist: [], people: 0,
    entered: new Set(), left: new Set(), moved: false, fresh: false, selected: -1, hovered: -1, locality: undefined,
    pinned: new Set(), compared: [], sideBySide: false, map: "true",
  };
}

class Weighing extends Steering {
  constructor(parent, table) {
    super(table, emptyState(table));
    this.root = element("div", { class: "weigh", "data-state": "loading", tabindex: "-1" }, parent);
    this.build();
  }

  build() {
    element("style", { text: shared().css ?? "" }, this.root);
    const page = element("div", { class: "page" }, this.root);
    this.sentence = element("p", { class: "sentence", "aria-hidden": "true" }, page);
    this.spoken = element("p", { class: "spoken", role: "status", "aria-live": "polite" }, page);
    const panels = ["left", "middle", "right"].map((name) => element("section", { class: `panel ${name}` }, page));
    ["Weights of the priorities", "Map", "Ranked areas"].forEach((label, i) => panels[i].setAttribute("aria-label", label));
    const picking = { hover: (area, event) => this.hover(area, event), select: (area) => this.select(area) };
    const keeping = { pin: (area) => this.pin(area), compare: (area) => this.compare(area) };
    this.controls = new WeightRows(panels[0], this.table.priorities, this);
    this.map = new TwinMap(panels[1], this.table, {
      ...picking, say: (area) => this.say(area), zoom: (place) => this.zoom(place), kind: (kind) => this.keep({ map: kind }),
      image: () => weighImage(this),
    });
    this.list = new RankedList(panels[2], this.table, {
      ...picking, ...keeping, layout: () => this.keep({ sideBySide: !this.state.sideBySide }),
      cut: (count) => this.moveCut(count), release: () => this.release(),
    });
    this.detail = new AreaDetail(page, this.table, keeping);
    this.buildBar(element("div", { class: "bar-of-buttons" }, panels[0]), panels[1]);
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  buildBar(bar, panel) {
    this.reset = button(bar, "Reset", () => this.toFramework(), { class: "plain reset", "aria-label": "Reset to the framework" });
    this.reset.title = "Back to the framework's own weights";
    this.changed = new ChangedDrawer(panel, bar, this.table, (area) => this.select(area));
    this.comparison = new CompareDrawer(panel, bar, this.table, (area) => this.compare(area));
    this.changed.shut = () => this.comparison.show(false);
    this.comparison.shut = () => this.changed.show(false);
    this.presenter = new Presenter(this.root, () => this.draw(true));
    const present = () => {
      for (const drawer of [this.changed, this.comparison]) drawer.show(false);
      this.presenter.toggle(!this.presenter.on);
    };
    this.presenting = button(bar, "Presenter view", present, { class: "plain present", "aria-pressed": "false" });
  }

  /** New arguments from Python: at the first mount, and after each run that changes them. */
  take({ data, setStateValue, setTriggerValue }) {
    const { state } = this;
    const first = this.seen === undefined;
    const forced = first || data.version > this.seen;
    Object.assign(this, { setState: setStateValue, setTrigger: setTriggerValue });
    Object.assign(state, { breaks: data.breaks, stability: data.stability, flips: data.flips, change: data.change, known: data.known, alone: data.alone });
    if (first) this.start(data);
    this.takeSelection(data, forced);
    this.takeCut(data, forced);
    this.takeLocality(data, forced);
    this.received = data;
    this.readTheme();
    if (forced) this.takeWeights(data, first);
    this.compute();
    if (state.weights.equals(data.weights)) this.settle(data);
    this.drawGeometry(data);
    this.draw(true);
  }

  /** The page's own background decides, whatever the system prefers. */
  readTheme() {
    const probe = getComputedStyle(this.root).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [255, 255, 255];
    if (probe[3] === 0) probe.fill(255);
    this.theme = 0.2126 * probe[0] + 0.7152 * probe[1] + 0.0722 * probe[2] < 128 ? "dark" : "light";
    this.root.dataset.theme = this.theme;
    RAMPS[this.theme].forEach((colour, k) => this.root.style.setProperty(`--class-${k}`, colour));
  }

  drawGeometry(data) {
    const geometry = shared().geometry.get(data.geometry);
    if (geometry && geometry !== this.map.geometry) {
      this.map.build(geometry);
      this.zoomed = null;
    }
    if (geometry && this.zoomed !== this.state.locality) {
      this.map.zoom(this.state.locality);
      this.zoomed = this.state.locality;
    }
    this.map.image.root.hidden = !geometry || !data.about;
    this.root.dataset.state = geometry ? "ready" : "waiting";
  }

  /** Python's ranks for these very weights are the result; they must be what the browser found by itself. */
  settle(data) {
    const { state } = this;
    const agrees = data.ranks.every((rank, i) => rank === state.ranks[i]);
    if (!agrees) {
      console.error("weighing: the browser's ranks differ from Python's", Array.from(state.weights.shares));
      state.ranks.set(data.ranks);
      state.order.sort((a, b) => (state.ranks[a] || Infinity) - (state.ranks[b] || Infinity) || a - b);
      this.listShort();
    }
    this.settled += 1;
    Object.assign(this.root.dataset, { agrees, settled: this.settled, settledVersion: data.version, pending: "false" });
  }

  draw(everything) {
    const { state } = this;
    state.fresh = state.cut === this.received.cut && state.weights.equals(this.received.weights);
    this.controls.draw(state.weights);
    if (this.map.kind !== state.map) this.map.show(state.map);
    this.map.draw(state, this.theme);
    this.list.draw(state, everything);
    this.changed.draw(state);
    this.comparison.draw(state);
    setFlag(this.root, "data-stale", !state.fresh);
    setFlag(this.root, "data-words", Boolean(state.stability));
    setFlag(this.reset, "data-idle", state.weights.equals(state.weights.defaults));
    setText(this.presenting, this.presenter.on ? "Leave presenter view" : "Presenter view");
    if (everything) this.map.mark("chosen", state.selected);
    setText(this.sentence, this.summary());
    this.drawn += 1;
    this.root.dataset.drawn = String(this.drawn);
    if (this.moving) return;
    this.detail.draw(state);
    if (everything) this.speak();
  }

  /** What is announced and what tests read changes on release, not at every frame. */
  speak() {
    this.list.describe(this.state);
    this.detail.draw(this.state);
    const { fresh, change } = this.state;
    setText(this.spoken, (fresh && change?.paragraph) || this.summary());
    this.root.dataset.ranksChecksum = checksum(this.state.ranks);
  }

  /** The area that the keyboard points at on a map. */
  say(area) {
    const { name, locality } = this.table.areas[area];
    setText(this.spoken, [name, locality, standing(this.state, area)].filter(Boolean).join(", "));
  }

  summary() {
    const { state, table } = this;
    const first = state.order.slice(0, 4).filter((area) => state.ranks[area] === 1);
    const names = Array.from(first, (area) => table.areas[area].name);
    const top = names.length === 0 ? "No area can be scored"
      : names.length === 1 ? `${names[0]} has the greatest need`
        : names.length > 3 ? "Several areas share the greatest need" : `${names.join(" and ")} share the greatest need`;
    const scored = `${state.scored} of ${table.count} areas are scored`;
    const [entered, left] = [state.entered.size, state.left.size];
    if (!state.moved && !entered && !left) return `${top}; ${scored}.`;
    if (!entered && !left) return `${top}; ${scored}; the shortlist stays the same.`;
    return `${top}; ${scored}; ${entered} entered, ${left} left the shortlist.`;
  }

  /** event: where on a map; none when the list points. */
  hover(area, event) {
    const { state } = this;
    if (state.hovered !== area) {
      state.hovered = area;
      this.map.mark("pointed", area);
      this.list.point(area);
      this.detail.draw(state);
    }
    const own = area >= 0 && event ? this.table.areas[area] : undefined;
    this.map.showTip(own && [own.name, own.locality ?? "", standing(state, area)]);
  }
}
