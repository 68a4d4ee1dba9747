// Drawers over the map: what changed with the last move, and up to four areas side by side. Closed ones cost nothing.

const COMPARE_AT_MOST = 4;

class Drawer {
  constructor(parent, bar, title, name) {
    this.panel = element("section", { class: `drawer ${name}`, id: `drawer-${name}`, "aria-label": title, hidden: "" });
    parent.prepend(this.panel);
    const head = element("div", { class: "panel-head" }, this.panel);
    element("h2", { text: title }, head);
    iconButton(head, "close", `Close: ${title}`, () => this.show(false));
    this.body = element("div", { class: "drawer-body", tabindex: "0", role: "group", "aria-label": title }, this.panel);
    this.opener = button(bar, title, () => this.show(this.panel.hidden), { "aria-expanded": "false", "aria-controls": this.panel.id });
  }

  get open() {
    return !this.panel.hidden;
  }

  show(open) {
    if (open) this.shut?.();
    if (!open && this.panel.contains(this.panel.getRootNode().activeElement)) this.opener.focus();
    this.panel.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open && this.state) this.draw(this.state);
    // On a phone it opens under its button, perhaps below the window's edge.
    if (open) this.panel.scrollIntoView({ block: "nearest" });
  }
}

class ChangedDrawer extends Drawer {
  constructor(parent, bar, table, select) {
    super(parent, bar, "What changed", "changed");
    Object.assign(this, { table, select });
    this.paragraph = element("p", { class: "paragraph" }, this.body);
    [this.entered, this.left] = ["Entered the shortlist", "Left the shortlist"].map((title) => this.list(title));
    this.sentences = element("ul", { class: "reasons" }, this.body);
  }

  list(title) {
    const part = element("div", { class: "crossed" }, this.body);
    const heading = element("h3", {}, part);
    const people = element("p", { class: "muted" }, part);
    return { title, part, heading, people, chips: element("div", { class: "chips" }, part), key: "" };
  }

  draw(state) {
    this.state = state;
    const { entered, left } = state;
    setText(this.opener, entered.size || left.size ? `What changed: ${entered.size} in, ${left.size} out` : "What changed");
    if (!this.open) return;
    setText(this.paragraph, this.told(state));
    this.drawCrossed(this.entered, entered);
    this.drawCrossed(this.left, left);
    this.drawReasons(state);
  }

  told(state) {
    if (!state.moved) return "Nothing yet: move a weight or the cut line.";
    if (state.fresh && state.change?.paragraph) return state.change.paragraph;
    return state.entered.size || state.left.size ? "" : "The shortlist holds the same areas as before.";
  }

  drawCrossed({ title, part, heading, people, chips, ...list }, areas) {
    part.hidden = !areas.size;
    const key = [...areas].join();
    if (chips.dataset.key === key) return;
    chips.dataset.key = key;
    setText(heading, `${title}: ${areas.size}`);
    setText(people, `${counted(peopleIn(this.table, areas), "person lives", "people live")} there`);
    chips.replaceChildren();
    for (const area of areas) button(chips, this.table.areas[area].name, () => this.select(area), { class: "chip-button" });
  }

  /** Why each moved, in Python's order; only while the sentences are about what is on screen. */
  drawReasons(state) {
    const told = (state.fresh && state.change?.areas) || {};
    const key = JSON.stringify(told);
    if (this.key === key) return;
    this.key = key;
    this.sentences.replaceChildren();
    for (const sentence of Object.values(told)) element("li", { text: sentence }, this.sentences);
  }
}

class CompareDrawer extends Drawer {
  constructor(parent, bar, table, drop) {
    super(parent, bar, "Compare areas", "compare");
    Object.assign(this, { table, drop, key: undefined });
  }

  draw(state) {
    this.state = state;
    setText(this.opener, state.compared.length ? `Compare ${state.compared.length} of ${COMPARE_AT_MOST}` : "Compare areas");
    if (!this.open) return;
    if (this.key !== state.compared.join()) this.build(state);
    state.compared.forEach((area, i) => this.fill(state, area, this.columns[i]));
  }

  build(state) {
    this.key = state.compared.join();
    this.columns = state.compared.map(() => []);
    this.body.replaceChildren();
    if (!state.compared.length) {
      element("p", { class: "muted", text: "Choose an area and press Compare under the list: up to four." }, this.body);
      return;
    }
    const table = element("table", {}, this.body);
    const head = element("tr", {}, element("thead", {}, table));
    for (const area of state.compared) {
      const { name } = this.table.areas[area];
      const cell = element("th", { scope: "col", title: name }, head);
      element("span", { class: "clamp", text: name }, cell);
      iconButton(cell, "close", `Take ${name} out of the comparison`, () => this.drop(area));
    }
    for (const title of ["Rank", "Score", "On the shortlist"]) this.line(table, title);
    this.table.priorities.forEach((priority, k) => this.line(table, `${priority.name}: score`, k));
  }

  /** What is compared stands over its values, so that the columns have all the width. */
  line(table, title, k) {
    const body = element("tbody", {}, table);
    element("th", { scope: "rowgroup", colspan: String(this.columns.length), text: title }, element("tr", {}, body));
    const row = element("tr", {}, body);
    for (const column of this.columns) {
      const cell = element("td", {}, row);
      const figure = element("span", {}, cell);
      const meter = k === undefined ? undefined : element("i", { "aria-hidden": "true", style: `--own: ${ownColour(k)}` }, cell);
      const adds = k === undefined ? undefined : element("small", {}, cell);
      column.push({ figure, meter, adds });
    }
  }

  fill(state, area, column) {
    const { width, scratch, priorityScores } = this.table;
    const scored = state.ranks[area] > 0;
    const parts = contributions(this.table, state.weights.shares, area, state.score[area], scratch);
    const [rank, score, sure, ...priorities] = column;
    setText(rank.figure, scored ? rankText(state, area) : "not scored");
    setText(score.figure, scored ? state.score[area].toFixed(1) : "–");
    setText(sure.figure, (state.fresh && sureness(state, area)?.word) || "–");
    priorities.forEach(({ figure, meter, adds }, k) => {
      const own = priorityScores[area * width + k];
      setText(figure, own === own ? own.toFixed(0) : "–");
      meter.style.setProperty("--fill", own === own ? own.toFixed(1) : "0");
      setText(adds, scored ? `adds ${parts[k].toFixed(1)}` : "");
    });
  }
}

function peopleIn(table, areas) {
  let people = 0;
  for (const area of areas) people += table.areas[area].population ?? 0;
  return people;
}
