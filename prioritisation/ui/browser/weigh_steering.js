// What people do to the view, and what of it Python hears: weights and cut on release, choices at once.

class Steering {
  constructor(table, state) {
    Object.assign(this, { table, state, drawn: 0, settled: 0, frame: 0, moving: false, told: new Map() });
  }

  compute() {
    const { state, table } = this;
    weightedSums(table.terms, state.weights.shares, state.sums);
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
    state.people = peopleIn(this.table, state.shortlist);
    const now = new Set(state.shortlist);
    const before = this.before ?? now;
    state.entered = new Set(state.shortlist.filter((area) => !before.has(area)));
    state.left = new Set([...before].filter((area) => !now.has(area)));
  }

  takeWeights(data, first) {
    const { weights } = this.state;
    this.seen = data.version;
    this.sent = weights.base = undefined;
    weights.remember();
    weights.set(data.weights);
    weights.note();
    if (first) this.compute();
    this.before = new Set(this.state.shortlist);
  }

  start(data) {
    for (const name of ["weights", "cut", "selected", "locality"]) this.told.set(name, JSON.stringify(data[name] ?? null));
    this.takeView(data.view ?? {});
  }

  /** Streamlit calls nobody back for a value that it already has, which a newer version from Python may have replaced. */
  tell(name, value) {
    const spelled = JSON.stringify(value);
    if (this.told.get(name) === spelled) this.setTrigger(`${name}_again`, true);
    else this.setState(name, value);
    this.told.set(name, spelled);
  }

  /** What a rerun, or a return to the page, must not lose; read once. */
  takeView({ locked = [], remembered = {}, pinned = [], compared = [], sideBySide = false, map = "true" }) {
    const { state, table } = this;
    const known = (ids) => ids.map((id) => table.places.get(id)).filter((area) => area !== undefined);
    table.priorities.forEach(({ id }, k) => {
      if (locked.includes(id)) state.weights.locked.add(k);
      state.weights.remembered[k] = remembered[id] ?? state.weights.remembered[k];
    });
    Object.assign(state, { pinned: new Set(known(pinned)), compared: known(compared), sideBySide, map });
  }

  /** An echo of an older click must not undo a newer one. */
  takeSelection(data, forced) {
    if (!forced && this.sentSelection !== undefined && data.selected !== this.sentSelection) return;
    this.sentSelection = undefined;
    this.state.selected = this.table.places.get(data.selected) ?? -1;
  }

  /** A page that does not know of the cut line or the zoom sends the same again and again: ours stays. */
  takeCut(data, forced) {
    const answered = this.sentCut === undefined ? data.cut !== this.received?.cut : data.cut === this.sentCut;
    if (forced || answered) {
      this.state.cut = data.cut;
      this.sentCut = undefined;
    }
  }

  takeLocality(data, forced) {
    if (forced || data.locality !== this.received?.locality) this.state.locality = data.locality ?? undefined;
  }

  begin() {
    if (this.moving) return;
    this.moving = this.state.moved = true;
    this.before = new Set(this.state.shortlist);
    this.state.weights.remember();
    this.controls.clear();
  }

  move(k, percent) {
    this.begin();
    this.controls.refuse(k, this.state.weights.move(k, percent));
    this.schedule();
  }

  power(k) {
    this.begin();
    this.controls.refuse(k, this.state.weights.power(k));
    this.schedule();
    this.release();
  }

  lock(k) {
    this.controls.clear();
    this.state.weights.lock(k);
    this.keep({});
  }

  moveCut(count) {
    const cut = Math.max(1, Math.min(count, this.state.scored));
    if (cut === this.state.cut) return;
    this.begin();
    this.state.cut = cut;
    this.schedule();
  }

  /** One whole move at once: undo, redo, reset. */
  jump(change) {
    this.release();
    this.begin();
    if (change() === false) this.moving = false;
    else this.schedule();
    this.release();
  }

  undo() {
    this.jump(() => this.state.weights.undo());
  }

  redo() {
    this.jump(() => this.state.weights.redo());
  }

  toFramework() {
    const { weights } = this.state;
    this.jump(() => {
      weights.base = undefined;
      weights.set(weights.defaults);
    });
  }

  release() {
    this.flush();
    if (!this.moving) return;
    this.moving = false;
    const { state, received } = this;
    state.weights.note();
    this.controls.draw(state.weights);
    this.speak();
    if (!state.weights.equals(this.sent ?? received.weights)) this.sendWeights();
    if (state.cut !== (this.sentCut ?? received.cut)) this.tell("cut", (this.sentCut = state.cut));
  }

  sendWeights() {
    const { weights } = this.state;
    this.sent = weights.percentages;
    if (!this.received.alone) this.root.dataset.pending = "true";
    this.tell("weights", this.sent);
    // Back at what Python answered last: a move that was undone before it was sent is not answered again.
    if (weights.equals(this.received.weights)) this.settle(this.received);
    if (weights.percentages.includes(0)) this.tellView();
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

  /** A choice of how to look at it: kept here, and told to Python so that it is there after a rerun. */
  keep(choice) {
    Object.assign(this.state, choice);
    this.draw(true);
    this.tellView();
  }

  tellView() {
    const { state, table } = this;
    const ids = (areas) => Array.from(areas, (area) => state.ids[area]);
    const ofPriorities = table.priorities.map(({ id }, k) => [id, state.weights.remembered[k]]);
    const view = {
      locked: table.priorities.filter((_, k) => state.weights.locked.has(k)).map(({ id }) => id),
      remembered: Object.fromEntries(ofPriorities.filter((_, k) => state.weights.percentages[k] === 0)),
      pinned: ids(state.pinned), compared: ids(state.compared), sideBySide: state.sideBySide, map: state.map,
    };
    if (JSON.stringify(view) !== this.told.get("view")) this.tell("view", view);
  }

  pin(area) {
    const { pinned } = this.state;
    if (!pinned.delete(area)) pinned.add(area);
    this.keep({});
    if (this.presenter.on) this.presenter.fit();
  }

  compare(area) {
    const { compared } = this.state;
    const others = compared.filter((other) => other !== area);
    if (others.length < compared.length) return this.keep({ compared: others });
    if (others.length < COMPARE_AT_MOST) this.keep({ compared: [...others, area] });
    return this.comparison.show(true);
  }

  zoom(locality) {
    this.state.locality = locality;
    this.drawGeometry(this.received);
    this.draw(true);
    this.tell("locality", locality ?? null);
  }

  select(area) {
    const chosen = area === this.state.selected ? -1 : area;
    this.state.selected = chosen;
    this.sentSelection = chosen < 0 ? null : this.state.ids[chosen];
    this.draw(true);
    if (chosen >= 0) this.list.reveal(chosen);
    this.tell("selected", this.sentSelection);
  }

  /** Streamlit's one-letter shortcuts listen on the document and cannot see that a key was typed into our box. */
  key(event) {
    event.stopPropagation();
    this.presenter.keepFocus(event);
    if (event.defaultPrevented) return;
    const letter = (event.ctrlKey || event.metaKey) && !event.altKey ? event.key.toLowerCase() : "";
    const typing = event.target.shown ? event.target.value !== event.target.shown() : event.target.type === "search";
    if (!typing && (letter === "z" || letter === "y")) {
      event.preventDefault();
      if (letter === "y" || event.shiftKey) this.redo();
      else this.undo();
    } else if (event.key === "Escape") this.leave();
  }

  /** Escape closes what lies on top. */
  leave() {
    const open = [this.changed, this.comparison].find((drawer) => drawer.open);
    if (open) open.show(false);
    else this.presenter.toggle(false);
  }
}
