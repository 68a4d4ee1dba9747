// The ranked rows: a fixed set of row elements by place, whose text and bars are rewritten in place.

const BEYOND_THE_CUT = 5;

class RankedRows {
  /** actions: { hover(area or -1), select(area) } */
  constructor(parent, table, actions) {
    this.table = table;
    this.actions = actions;
    this.all = false;
    this.rows = [];
    this.inside = -1;
    const heading = element("div", { class: "panel-head" }, parent);
    const title = element("h2", { id: "ranked", text: "Ranked areas " }, heading);
    element("span", { class: "muted", text: "score 0–100" }, title);
    this.toggle = element("button", { class: "plain", type: "button", "aria-expanded": "false" }, heading);
    this.toggle.addEventListener("click", () => this.showAll(!this.all));
    this.scroller = element("div", { class: "rows" }, parent);
    const list = element("div", { role: "listbox", "aria-labelledby": "ranked" }, this.scroller);
    this.above = element("div", { role: "group", "aria-label": "Shortlist" }, list);
    this.cutLine = element("div", { class: "cut-line", role: "presentation" });
    this.cutText = element("span", {}, this.cutLine);
    this.below = element("div", { role: "group", "aria-label": "Not on the shortlist" }, list);
    this.below.append(this.cutLine);
    this.chosen = this.makeRow(element("div", { class: "chosen-row" }, parent), "presentation");
    this.parts = new Float64Array(table.width);
    this.listen(list);
  }

  showAll(all) {
    this.all = all;
    this.toggle.setAttribute("aria-expanded", String(all));
    this.scroller.toggleAttribute("data-all", all);
    if (!all) this.scroller.scrollTop = 0;
    if (this.state) this.draw(this.state, true);
  }

  makeRow(parent, role = "option") {
    const row = element("div", { class: "row", role, tabindex: "-1" }, parent);
    const made = { row, area: -1, bars: [], widths: [] };
    made.rank = element("span", { class: "rank" }, row);
    const name = element("span", { class: "name" }, row);
    made.name = element("span", { class: "stem" }, name);
    made.number = element("span", { class: "number" }, name);
    made.place = element("small", {}, name);
    made.tag = element("span", { class: "tag" }, row);
    const bar = svgElement("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, row);
    for (let k = 0; k < this.table.width; k++) {
      made.bars.push(svgElement("rect", { y: 0, height: 10, fill: `var(--priority-${k % PRIORITY_COLOURS})` }, bar));
    }
    made.score = element("span", { class: "score" }, row);
    made.spoken = element("span", { class: "spoken" }, row);
    return made;
  }

  /** `count` row elements, the first `inside` of them above the cut line. */
  arrange(count, inside) {
    while (this.rows.length < count) this.rows.push(this.makeRow(this.below));
    while (this.rows.length > count) this.rows.pop().row.remove();
    const elements = this.rows.map(({ row }) => row);
    this.above.append(...elements.slice(0, inside));
    this.below.append(...elements.slice(inside));
    this.inside = inside;
    this.focusable(Math.min(this.focused ?? 0, count - 1));
  }

  draw(state, everything = false) {
    this.state = state;
    const inside = state.shortlist.length;
    const count = this.all ? state.order.length : Math.min(state.order.length, inside + BEYOND_THE_CUT);
    if (count !== this.rows.length || inside !== this.inside) this.arrange(count, inside);
    const tied = inside > state.cut ? `, with ${inside - state.cut} tied` : "";
    setText(this.cutText, `Shortlist: first ${state.cut}${tied}`);
    const [first, last] = everything ? [0, count] : this.visible(count);
    for (let place = first; place < last; place++) this.drawRow(this.rows[place], state.order[place], place, state);
    this.drawChosen(state, count);
    setText(this.toggle, this.all ? "Show fewer" : `Show all ${state.order.length}`);
  }

  /** While dragging with all rows open, only those in view are redrawn. */
  visible(count) {
    if (!this.all) return [0, count];
    const { scrollTop, clientHeight } = this.scroller;
    const height = this.scroller.scrollHeight / (count + 1);
    return [Math.max(0, Math.floor(scrollTop / height) - 3), Math.min(count, Math.ceil((scrollTop + clientHeight) / height) + 3)];
  }

  drawRow(row, area, place, state) {
    const { table } = this;
    if (row.area !== area) {
      row.area = area;
      const [, stem, number] = /^(.*?)( - \d+)?$/s.exec(table.areas[area].name);
      setText(row.name, stem);
      setText(row.number, number ?? "");
      setText(row.place, table.areas[area].locality ?? "");
      row.row.title = [table.areas[area].name, table.areas[area].locality].filter(Boolean).join(", ");
    }
    const rank = state.ranks[area];
    setText(row.rank, rankText(state, area));
    setText(row.score, rank ? state.score[area].toFixed(1) : "not scored");
    setText(row.tag, state.entered.has(area) ? "new" : state.left.has(area) ? "left" : "");
    setFlag(row.row, "data-selected", area === state.selected);
    setFlag(row.row, "data-hovered", area === state.hovered);
    setFlag(row.row, "data-outside", Boolean(state.locality) && table.areas[area].locality !== state.locality);
    this.drawBar(row, area, state);
  }

  drawBar(row, area, state) {
    const scored = state.ranks[area] > 0;
    const parts = contributions(this.table, state.shares, area, state.score[area], this.parts);
    let from = 0;
    for (let k = 0; k < parts.length; k++) {
      const width = scored ? Math.max(0, parts[k]).toFixed(2) : "0";
      const spelled = `${from.toFixed(2)} ${width}`;
      if (row.widths[k] !== spelled) {
        row.widths[k] = spelled;
        row.bars[k].setAttribute("x", from.toFixed(2));
        row.bars[k].setAttribute("width", width);
      }
      from += Number(width);
    }
  }

  /** The selected area keeps a row of its own under the list while its place is out of view. */
  drawChosen(state, count) {
    const place = state.selected >= 0 ? state.order.indexOf(state.selected) : -1;
    const apart = place >= count;
    setFlag(this.chosen.row, "data-empty", !apart);
    if (apart) this.drawRow(this.chosen, state.selected, place, state);
  }

  /** What a bar shows is spoken too; rewritten when the drag ends, not at every frame. */
  describe(state) {
    for (const { row, area, spoken } of this.rows) {
      const parts = contributions(this.table, state.shares, area, state.score[area], this.parts);
      const words = this.table.priorities.map((priority, k) => `${priority.name} ${parts[k].toFixed(1)}`);
      setText(spoken, state.ranks[area] ? `: ${words.join(", ")}` : "");
      const selected = String(area === state.selected);
      if (row.getAttribute("aria-selected") !== selected) row.setAttribute("aria-selected", selected);
    }
  }

  listen(list) {
    const placeOf = (event) => this.rows.findIndex(({ row }) => row.contains(event.target));
    const hover = (place) => this.actions.hover(place < 0 ? -1 : this.rows[place].area);
    list.addEventListener("pointerover", (event) => hover(placeOf(event)));
    list.addEventListener("pointerleave", () => hover(-1));
    list.addEventListener("focusin", (event) => hover(placeOf(event)));
    list.addEventListener("focusout", () => hover(-1));
    list.addEventListener("click", (event) => this.choose(placeOf(event)));
    list.addEventListener("keydown", (event) => this.key(event, placeOf(event)));
    this.scroller.addEventListener("scroll", () => this.all && this.state && this.draw(this.state), { passive: true });
  }

  choose(place) {
    if (place < 0) return;
    this.focusable(place);
    this.actions.select(this.rows[place].area);
  }

  key(event, place) {
    const last = this.rows.length - 1;
    const targets = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: last, PageDown: place + 10, PageUp: place - 10 };
    if (event.key === "Enter" || event.key === " ") this.choose(place);
    else if (event.key in targets) this.rows[this.focusable(targets[event.key])].row.focus();
    else return;
    event.preventDefault();
  }

  /** One row at a time is in the tab order; arrow keys move it. */
  focusable(place) {
    const to = Math.max(0, Math.min(this.rows.length - 1, place));
    this.rows.forEach(({ row }, i) => row.setAttribute("tabindex", i === to ? "0" : "-1"));
    this.focused = to;
    return to;
  }
}
