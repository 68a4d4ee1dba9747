// The ranked list: a fixed set of rows by place above and below the cut line, pinned rows on top, search, two layouts.

const BEYOND_THE_CUT = 5;
const BINS = 12;

class RankedList {
  /** actions: { hover(area or -1), select(area), pin(area), compare(area), layout(), cut(count), release() } */
  constructor(parent, table, actions) {
    Object.assign(this, { parent, table, actions, all: false, rows: [], pins: [], inside: -1, focused: 0, query: "" });
    this.head(parent);
    this.histograms(parent);
    this.pinned = element("div", { class: "pinned", role: "listbox", "aria-label": "Pinned areas" }, parent);
    this.scroller = element("div", { class: "rows", tabindex: "-1" }, parent);
    this.above = element("div", { role: "listbox", "aria-label": "Shortlist" }, this.scroller);
    this.cut = new CutLine({
      move: actions.cut, release: actions.release, place: (y) => this.placeAt(y),
    }, table.areas.some((area) => area.population > 0));
    this.scroller.append(this.cut.line);
    this.below = element("div", { role: "listbox", "aria-label": "Not on the shortlist" }, this.scroller);
    this.nothing = element("p", { class: "muted nothing", text: "No area has this in its name or locality.", hidden: "" }, this.scroller);
    this.listen(parent);
  }

  head(parent) {
    const heading = element("div", { class: "panel-head list-head" }, parent);
    element("h2", { text: "Ranked areas" }, heading);
    this.search = element("input", { class: "search", type: "search", placeholder: "Find an area", "aria-label": "Find an area" }, heading);
    this.layout = button(heading, "Side by side", () => this.actions.layout(), { "aria-pressed": "false" });
    this.layout.title = "Columns by priority: each as wide as its weight, filled to its score";
    this.toggle = button(heading, "", () => this.showAll(!this.all), { "aria-expanded": "false" });
    this.search.addEventListener("input", () => this.find(this.search.value));
    this.search.addEventListener("keydown", (event) => this.searchKey(event));
  }

  /** What each column holds; side by side, also how all areas score on each priority, over its column. */
  histograms(parent) {
    const head = element("div", { class: "row columns", "aria-hidden": "true" }, parent);
    for (const [name, text] of [["rank", ""], ["name", "Area"], ["score", "Score"], ["word", "Shortlisted"]]) {
      element("span", { class: name, text }, head);
    }
    const cells = element("div", { class: "cells" }, head);
    this.columns = this.table.priorities.map((priority, k) => {
      const scores = this.table.scores.map((row) => row[k]).filter((score) => score !== null);
      const counts = new Array(BINS).fill(0);
      for (const score of scores) counts[Math.min(BINS - 1, Math.floor((score * BINS) / 100))] += 1;
      const most = Math.max(1, ...counts);
      const svg = svgElement("svg", { viewBox: `0 0 ${BINS} 10`, preserveAspectRatio: "none" }, cells);
      svgElement("title", {}, svg).append(`${priority.name}: how many of ${scores.length} areas have which score, 0 to 100`);
      const bars = counts.map((count, bin) => `M${bin} 10v${(-10 * count / most).toFixed(2)}h.9V10z`);
      svgElement("path", { d: bars.join(""), fill: ownColour(k) }, svg);
      return svg;
    });
  }

  showAll(all) {
    this.all = all;
    this.toggle.setAttribute("aria-expanded", String(all));
    this.scroller.scrollTop = 0;
    this.draw(this.state, true);
    this.describe(this.state);
  }

  find(text) {
    this.query = searchable(text.trim());
    this.matches = this.table.areas.map((area) => this.query !== "" && area.searched.includes(this.query));
    this.scroller.scrollTop = 0;
    this.parent.toggleAttribute("data-searching", this.query !== "");
    this.draw(this.state, true);
    this.describe(this.state);
  }

  searchKey(event) {
    if (event.key === "Escape" && this.search.value) {
      event.preventDefault();
      this.search.value = "";
      this.find("");
    } else if (this.rows.length && event.key === "ArrowDown") {
      event.preventDefault();
      this.everyRow()[this.focusable(this.pins.length)].row.focus();
    } else if (this.rows.length && event.key === "Enter") this.actions.select(this.rows[0].area);
  }

  everyRow() {
    return [...this.pins, ...this.rows];
  }

  /** Rows for `count` areas, the first `inside` of them above the cut line. */
  arrange(count, inside) {
    while (this.rows.length < count) this.rows.push(new AreaRow(this.below, this.table));
    while (this.rows.length > count) this.rows.pop().row.remove();
    const elements = this.rows.map(({ row }) => row);
    this.above.append(...elements.slice(0, inside));
    this.below.append(...elements.slice(inside));
    this.inside = inside;
    this.focusable(Math.min(this.focused, this.pins.length + count - 1));
  }

  draw(state, everything = false) {
    this.state = state;
    const shown = this.query ? state.order.filter((area) => this.matches[area]) : state.order;
    const inside = this.query ? shown.filter((area) => state.ranks[area] && state.ranks[area] <= state.cut).length : state.shortlist.length;
    const count = this.all || this.query ? shown.length : Math.min(shown.length, inside + BEYOND_THE_CUT);
    if (count !== this.rows.length || inside !== this.inside) this.arrange(count, inside);
    setFlag(this.nothing, "hidden", count > 0 || !this.query);
    this.cut.draw(state, this.table);
    const [first, last] = everything ? [0, count] : this.visible(count);
    for (let place = first; place < last; place++) this.rows[place].draw(shown[place], state);
    this.drawPins(state);
    this.drawLayout(state);
    setText(this.toggle, this.all ? "Show fewer" : `Show all ${state.order.length}`);
  }

  /** While dragging with many rows open, only those in view are redrawn. */
  visible(count) {
    const { top, tall, row } = this.window ?? {};
    if ((!this.all && !this.query) || !row) return [0, count];
    return [Math.max(0, Math.floor(top / row) - 4), Math.min(count, Math.ceil((top + tall) / row) + 4)];
  }

  drawPins(state) {
    if (state.pinned.size !== this.pins.length) {
      while (this.pins.length < state.pinned.size) this.pins.push(new AreaRow(this.pinned, this.table));
      while (this.pins.length > state.pinned.size) this.pins.pop().row.remove();
      this.parent.style.setProperty("--pins", this.pins.length);
      this.focusable(Math.min(this.focused, this.everyRow().length - 1));
    }
    const places = [...state.pinned].sort((a, b) => (state.ranks[a] || Infinity) - (state.ranks[b] || Infinity) || a - b);
    places.forEach((area, i) => this.pins[i].draw(area, state));
  }

  /** Side by side, each cell's ground is as wide as the weight, under the column's histogram. */
  drawLayout(state) {
    if (this.side !== state.sideBySide) {
      this.side = state.sideBySide;
      this.parent.toggleAttribute("data-side", this.side);
      this.layout.setAttribute("aria-pressed", String(this.side));
    }
    if (!this.side) return;
    let from = 0;
    const stops = Array.from(state.weights.shares, (share, k) => {
      const [start, end] = [100 * from, 100 * (from += share)];
      this.columns[k].style.left = `${start}%`;
      this.columns[k].style.width = `calc(${end - start}% - 2px)`;
      return `transparent ${start}% calc(${start}% + 2px), var(--track) calc(${start}% + 2px) ${end}%`;
    });
    this.parent.style.setProperty("--cells", `linear-gradient(to right, ${stops.join(", ")})`);
  }

  describe(state) {
    for (const row of this.everyRow()) row.describe(state);
  }

  point(area) {
    for (const { row, area: own } of this.everyRow()) setFlag(row, "data-hovered", own === area && area >= 0);
  }

  /** Bring a selected area's row into view, without moving the page. */
  reveal(area) {
    const row = this.rows.find((one) => one.area === area)?.row;
    if (!row) return;
    const top = row.offsetTop - this.scroller.offsetTop;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + row.offsetHeight > scrollTop + clientHeight) this.scroller.scrollTop = top + row.offsetHeight - clientHeight;
  }

  /** How many areas lie above this height of the screen. */
  placeAt(clientY) {
    const height = this.rows[0]?.row.offsetHeight || 24;
    return Math.round((clientY - this.above.getBoundingClientRect().top) / height);
  }

  listen(parent) {
    const placeOf = (event) => this.everyRow().findIndex(({ row }) => row.contains(event.target));
    const hover = (place) => this.actions.hover(place < 0 ? -1 : this.everyRow()[place].area);
    for (const list of [this.pinned, this.above, this.below]) {
      list.addEventListener("pointerover", (event) => hover(placeOf(event)));
      list.addEventListener("pointerleave", () => hover(-1));
      list.addEventListener("focusin", (event) => hover(placeOf(event)));
      list.addEventListener("focusout", () => hover(-1));
      list.addEventListener("click", (event) => this.choose(placeOf(event)));
      list.addEventListener("keydown", (event) => this.key(event, placeOf(event)));
    }
    const scrolled = () => {
      const { scrollTop: top, clientHeight: tall } = this.scroller;
      this.window = { top, tall, row: this.rows[0]?.row.offsetHeight };
      if (this.state && (this.all || this.query)) this.draw(this.state);
    };
    this.scroller.addEventListener("scroll", scrolled, { passive: true });
    new ResizeObserver(scrolled).observe(this.scroller);
  }

  choose(place) {
    if (place < 0) return;
    this.focusable(place);
    this.actions.select(this.everyRow()[place].area);
  }

  key(event, place) {
    const rows = this.everyRow();
    const targets = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1, PageDown: place + 10, PageUp: place - 10 };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.choose(place);
    else if (event.key === "p") this.actions.pin(rows[place].area);
    else if (event.key === "c") this.actions.compare(rows[place].area);
    else if (event.key in targets) rows[this.focusable(targets[event.key])].row.focus();
    else return;
    event.preventDefault();
  }

  /** One row at a time is in the tab order; arrow keys move it. */
  focusable(place) {
    const rows = this.everyRow();
    const to = Math.max(0, Math.min(rows.length - 1, place));
    rows.forEach(({ row }, i) => setAttribute(row, "tabindex", i === to ? "0" : "-1"));
    this.focused = to;
    return to;
  }
}
