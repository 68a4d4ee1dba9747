// The weights as people steer them: shares that always total 100 %, locks, off switches, undo. Nothing is drawn here.
// A share is counted in whole parts of PARTS, so that what is locked stays exactly what it was.

class Weights {
  constructor(priorities) {
    this.count = priorities.length;
    this.defaults = canonicalPercentages(priorities.map((priority) => priority.default));
    this.shares = new Float64Array(this.count);
    this.locked = new Set();
    this.remembered = [...this.defaults];
    this.past = [];
    this.future = [];
    this.percentages = [];
  }

  /** Every weight passes through here, so that the browser computes with the doubles that Python will get. */
  set(percentages) {
    this.percentages = canonicalPercentages(percentages);
    this.shares.set(sharesOf(this.percentages));
  }

  equals(percentages) {
    return percentages.every((percent, k) => percent === this.percentages[k]);
  }

  /** Before a move: what each priority that is on has now is what its switch will give back. */
  remember() {
    this.percentages.forEach((percent, k) => {
      if (percent > 0) this.remembered[k] = percent;
    });
  }

  /** Priority k takes `percent`, the unlocked others that are on give way in proportion; returns what cannot be. */
  move(k, percent) {
    if (this.locked.has(k)) return `Locked at ${spelledPercent(this.percentages[k])}%: unlock it to change it.`;
    // Others keep the proportions they had when this slider was first taken, so 100 % and back loses nothing.
    if (this.mover !== k || !this.base) {
      this.base = partsOf(this.percentages);
      this.mover = k;
    }
    const takers = this.takers(k);
    if (!takers.length) return this.stuck(k);
    const held = this.base.reduce((sum, part, j) => (j === k || takers.includes(j) ? sum : sum + part), 0);
    const wanted = Math.round(percent * PARTS_PER_PERCENT);
    const own = Math.max(0, Math.min(wanted, PARTS - held));
    this.set(this.shared(k, own, takers, PARTS - held - own).map((part) => part / PARTS_PER_PERCENT));
    if (wanted <= own) return "";
    return `At most ${spelledPercent(own / PARTS_PER_PERCENT)}%: what is locked holds ${spelledPercent(held / PARTS_PER_PERCENT)}%.`;
  }

  takers(k) {
    return this.base.map((_, j) => j).filter((j) => j !== k && this.base[j] > 0 && !this.locked.has(j));
  }

  /** All parts when k has `own` and the takers split `rest` as they did in the base; the largest takes rounding. */
  shared(k, own, takers, rest) {
    const parts = [...this.base];
    const before = takers.reduce((sum, j) => sum + this.base[j], 0);
    parts[k] = own;
    for (const j of takers) parts[j] = Math.round((rest * this.base[j]) / before);
    const largest = takers.reduce((best, j) => (parts[j] > parts[best] ? j : best));
    parts[largest] += rest - takers.reduce((sum, j) => sum + parts[j], 0);
    return parts;
  }

  stuck(k) {
    const others = this.percentages.map((_, j) => j).filter((j) => j !== k);
    if (!others.length) return "The only priority always has 100%.";
    const stays = `so this stays at ${spelledPercent(this.percentages[k])}%.`;
    if (others.every((j) => this.percentages[j] === 0)) return `All others are off, ${stays} Switch one on first.`;
    if (others.every((j) => this.locked.has(j))) return `All others are locked, ${stays}`;
    return `All others are locked or off, ${stays}`;
  }

  /** Off, or on again with the share it had; where that no longer fits beside the locks, a part in proportion. */
  power(k) {
    if (this.percentages[k] > 0) return this.move(k, 0);
    const held = this.percentages.reduce((sum, percent, j) => (this.locked.has(j) && j !== k ? sum + percent : sum), 0);
    const own = this.remembered[k] || this.defaults[k] || 100 / this.count;
    const room = 100 - held;
    return this.move(k, own < room ? own : (room * own) / (own + room));
  }

  lock(k) {
    if (!this.locked.delete(k)) this.locked.add(k);
    this.base = undefined;
  }

  /** The end of a move: one step for undo. */
  note() {
    if (this.settled && this.equals(this.settled)) return;
    if (this.settled) this.past.push(this.settled);
    this.settled = this.percentages;
    this.future = [];
  }

  /** One step back, or forward again; returns whether there was one. */
  step(from, to) {
    if (!from.length) return false;
    to.push(this.settled);
    this.settled = from.pop();
    this.base = undefined;
    this.set(this.settled);
    return true;
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }
}

function partsOf(percentages) {
  return percentages.map((percent) => Math.round(percent * PARTS_PER_PERCENT));
}

/** "25", "12.5", never "12.5000". */
function spelledPercent(percent) {
  return String(toTenth(percent));
}

function toTenth(percent) {
  return Math.round(percent * 10) / 10;
}
