// The weighing view: while a slider moves, everything follows here; on release Python's exact result replaces it.

const CLASS_COUNT = 5;
const PRIORITY_COLOURS = 8;
const RAMPS = {
  light: ["#e3edf5", "#aecbe0", "#6fa0c6", "#336f9f", "#0b3a66"],
  dark: ["#e9f1f8", "#b9d3e8", "#86b1d6", "#548dc0", "#2f6aa3"],
};

function element(name, { text, ...attributes } = {}, parent) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.append(text);
  parent?.append(made);
  return made;
}

/** One text node, changed only when its text does. */
function setText(node, text) {
  if (!node.firstChild) node.append(text);
  else if (node.firstChild.data !== text) node.firstChild.data = text;
}

function setFlag(node, name, on) {
  if (node.hasAttribute(name) !== on) node.toggleAttribute(name, on);
}

/** "4", or "4=" when another area has the same rank; "–" when not scored. */
function rankText(state, area) {
  const rank = state.ranks[area];
  if (!rank) return "–";
  return state.ranks[state.order[rank]] === rank ? `${rank}=` : String(rank);
}

/** The unchanging part of the view, with its columns ready for the loops. */
function tableOf(sent) {
  const width = sent.priorities.length;
  const geometric = sent.aggregate === "geometric";
  const terms = columns(geometric ? sent.logs : sent.scores, width);
  return { ...sent, width, geometric, terms, count: sent.areas.length, places: new Map(sent.areas.map((a, i) => [a.id, i])) };
}

class Weighing {
  constructor(parent, table) {
    this.table = table;
    this.seen = -Infinity;
    this.drawn = this.settled = 0;
    this.frame = 0;
    this.state = {
      percentages: [], shares: new Float64Array(table.width),
      sums: new Float64Array(table.count), score: new Float64Array(table.count), keys: new Float64Array(table.count),
      order: Uint32Array.from(table.areas.keys()), ranks: new Uint32Array(table.count),
      classes: new Int8Array(table.count), scored: 0, cut: 0, breaks: [], shortlist: [],
      entered: new Set(), left: new Set(), selected: -1, hovered: -1, locality: undefined,
    };
    this.root = element("div", { class: "weigh", "data-state": "loading" }, parent);
    this.build();
  }

  build() {
    element("style", { text: shared().css ?? "" }, this.root);
    const page = element("div", { class: "page" }, this.root);
    this.sentence = element("p", { class: "sentence", "aria-hidden": "true" }, page);
    this.spoken = element("p", { class: "spoken", role: "status", "aria-live": "polite" }, page);
    const panels = ["left", "middle", "right"].map((name) => element("section", { class: `panel ${name}` }, page));
    ["Weights of the priorities", "Map", "Ranked areas"].forEach((label, i) => panels[i].setAttribute("aria-label", label));
    const picking = { hover: (area) => this.hover(area), select: (area) => this.select(area) };
    this.controls = new WeightRows(panels[0], this.table.priorities, {
      move: (k, share) => this.move(k, share), release: () => this.release(), reset: () => this.reset(),
    });
    this.map = new AreaMap(panels[1], picking);
    this.rows = new RankedRows(panels[2], this.table, picking);
    // Streamlit's one-letter shortcuts listen on the document and cannot see that a key was typed into our box.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
  }

  /** New arguments from Python: at the first mount, and after each run that changes them. */
  take({ data, setStateValue }) {
    const { state } = this;
    this.send = setStateValue;
    this.received = data;
    const first = this.seen === -Infinity;
    const forced = data.version > this.seen;
    Object.assign(state, { cut: data.cut, breaks: data.breaks });
    this.takeSelection(data, forced);
    this.readTheme();
    if (forced) this.takeWeights(data, first);
    this.compute();
    if (this.sameWeights(data.weights)) this.settle(data);
    this.drawGeometry(data);
    this.draw(true);
  }

  takeWeights(data, first) {
    this.seen = data.version;
    this.base = this.sent = undefined;
    this.setWeights(data.weights);
    if (first) this.compute();
    this.before = new Set(this.state.shortlist);
  }

  /** An echo of an older click must not undo a newer one. */
  takeSelection(data, forced) {
    if (!forced && this.sentSelection !== undefined && data.selected !== this.sentSelection) return;
    this.sentSelection = undefined;
    this.state.selected = this.table.places.get(data.selected) ?? -1;
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
      this.map.build(geometry, this.table);
      this.zoomed = undefined;
    }
    this.state.locality = data.locality ?? undefined;
    if (geometry && this.zoomed !== this.state.locality) {
      this.map.zoom(this.state.locality);
      this.zoomed = this.state.locality;
    }
    this.root.dataset.state = geometry ? "ready" : "waiting";
  }

  compute() {
    const { state, table } = this;
    weightedSums(table.terms, state.shares, state.sums);
    state.scored = rankInto(state.sums, state.keys, state.order, state.ranks);
    for (let i = 0; i < table.count; i++) state.score[i] = table.geometric ? Math.exp(state.sums[i]) : state.sums[i];
    for (let i = 0; i < table.count; i++) state.classes[i] = classOf(state.score[i], state.breaks);
    this.listShort();
  }

  listShort() {
    const { state } = this;
    let inside = 0;
    while (inside < state.scored && state.ranks[state.order[inside]] <= state.cut) inside += 1;
    state.shortlist = Array.from(state.order.subarray(0, inside));
    const now = new Set(state.shortlist);
    const before = this.before ?? now;
    state.entered = new Set(state.shortlist.filter((area) => !before.has(area)));
    state.left = new Set([...before].filter((area) => !now.has(area)));
  }

  /** Every weight passes through here, so that the browser computes with the doubles that Python will get. */
  setWeights(weights) {
    this.state.percentages = canonicalPercentages(weights);
    this.state.shares.set(sharesOf(this.state.percentages));
  }

  sameWeights(weights) {
    return weights.every((percent, k) => percent === this.state.percentages[k]);
  }

  /** Python's ranks for these very weights are the result; they must be what the browser found by itself. */
  settle(data) {
    const { state } = this;
    const agrees = data.ranks.every((rank, i) => rank === state.ranks[i]);
    if (!agrees) {
      console.error("weighing: the browser's ranks differ from Python's", Array.from(state.shares));
      state.ranks.set(data.ranks);
      state.order.sort((a, b) => (state.ranks[a] || Infinity) - (state.ranks[b] || Infinity) || a - b);
      this.listShort();
    }
    this.settled += 1;
    Object.assign(this.root.dataset, { agrees, settled: this.settled, settledVersion: data.version, pending: "false" });
  }

  move(k, share) {
    const { state } = this;
    if (!this.moving) {
      this.before = new Set(state.shortlist);
      this.moving = true;
    }
    // Others keep the proportions they had when this slider was first taken, so 100 % and back loses nothing.
    if (this.mover !== k || !this.base) {
      this.base = Float64Array.from(state.shares);
      this.mover = k;
    }
    this.setWeights(rescaled(this.base, k, share, []));
    this.schedule();
  }

  reset() {
    this.before = new Set(this.state.shortlist);
    this.base = undefined;
    this.setWeights(this.defaults());
    this.schedule();
    this.release();
  }

  defaults() {
    return canonicalPercentages(this.table.priorities.map((priority) => priority.default));
  }

  release() {
    this.moving = false;
    this.flush();
    this.speak();
    const last = this.sent ?? this.received.weights;
    if (this.sameWeights(last)) return;
    this.sent = this.state.percentages;
    this.root.dataset.pending = "true";
    this.send("weights", this.sent);
  }

  schedule() {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.flush());
  }

  flush() {
    if (!this.frame) return;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.compute();
    this.draw(false);
  }

  draw(everything) {
    const { state } = this;
    this.controls.draw(state.shares, !this.sameWeights(this.defaults()));
    this.map.draw(state, RAMPS[this.theme]);
    this.rows.draw(state, everything);
    if (everything) this.map.mark("chosen", state.selected);
    setText(this.sentence, this.summary());
    this.drawn += 1;
    this.root.dataset.drawn = String(this.drawn);
    if (everything && !this.moving) this.speak();
  }

  /** What is announced and what tests read changes on release, not at every frame. */
  speak() {
    this.rows.describe(this.state);
    setText(this.spoken, this.summary());
    this.root.dataset.ranksChecksum = checksum(this.state.ranks);
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
    if (this.base === undefined && !entered && !left) return `${top}; ${scored}.`;
    if (!entered && !left) return `${top}; ${scored}; the shortlist stays the same.`;
    return `${top}; ${scored}; ${entered} entered, ${left} left the shortlist.`;
  }

  hover(area) {
    const { state, table } = this;
    if (state.hovered !== area) {
      state.hovered = area;
      this.map.mark("pointed", area);
      this.rows.rows.forEach((row) => setFlag(row.row, "data-hovered", row.area === area));
    }
    const own = area >= 0 ? table.areas[area] : undefined;
    const rank = own && state.ranks[area];
    const score = rank ? `Rank ${rankText(state, area)} of ${state.scored} · score ${state.score[area].toFixed(1)}` : "Not scored";
    const onMap = this.map.svg?.matches(":hover");
    this.map.showTip(own && onMap ? [own.name, own.locality ?? "", score] : undefined);
  }

  select(area) {
    const chosen = area === this.state.selected ? -1 : area;
    this.state.selected = chosen;
    this.sentSelection = chosen < 0 ? null : this.table.areas[chosen].id;
    this.map.mark("chosen", chosen);
    this.rows.draw(this.state);
    this.rows.describe(this.state);
    this.send("selected", this.sentSelection);
  }
}

/** What all mounts on one page share (weigh_mount.js makes it); here the engine joins it. */
function shared() {
  return (window.__prioritisation ??= { geometry: new Map(), tables: new Map(), mounts: new Map() });
}

const views = new WeakMap();

/** Show one mount, if its table has come; called again by whatever arrives later. */
function show(parent) {
  const mount = shared().mounts.get(parent);
  const { table } = mount.data;
  let view = views.get(parent);
  if (!view || view.tableName !== table) {
    const sent = shared().tables.get(table);
    if (!sent) return;
    parent.querySelector(".weigh")?.remove();
    view = new Weighing(parent, tableOf(sent));
    view.tableName = table;
    views.set(parent, view);
  }
  view.take(mount);
}

/** The mount that carries the geometry carries this module and the styles too: all three reach a page once. */
export default function engine({ data, parentElement }) {
  const page = shared();
  Object.assign(page, { css: data.css, show, rank, checksum });
  page.geometry.set(data.geometry.hash, data.geometry);
  const container = parentElement.host?.closest(".stElementContainer");
  if (container) container.style.display = "none";
  page.mounts.forEach((mount, parent) => show(parent));
}
