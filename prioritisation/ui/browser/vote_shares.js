// What a ballot adds up to. Two ways with one face: shares that always total 100, or 100 points to give out.

/** Shares that give way to each other, as on the weighing view; some may be kept. */
class SharedOut {
  constructor(count) {
    this.weights = new Weights(Array.from({ length: count }, () => ({ default: 1 })));
    this.weights.set(this.weights.defaults);
  }

  get percents() {
    return this.weights.percentages;
  }

  get kept() {
    return this.weights.locked;
  }

  take(percents) {
    this.weights.set(percents);
    this.weights.base = undefined;
  }

  /** Returns what cannot be, in words. */
  move(k, percent) {
    const taken = this.weights.mover === k && this.weights.base;
    if (!taken && this.percents.every((share, j) => j === k || share === 0)) this.wake(k);
    return this.weights.move(k, percent).replace("All others are locked, ", "All others are kept, ");
  }

  /** With everything on one priority the others have no proportions left: they begin alike again. */
  wake(k) {
    const others = this.weights.count - 1;
    if (others) this.take(this.percents.map((_, j) => (j === k ? 100 - 0.0001 * others : 0.0001)));
  }

  keep(k) {
    this.weights.lock(k);
  }

  get left() {
    return 0;
  }
}

/** 100 points, whole ones, given out by hand; what is left may be under 0 for a while. */
class GivenOut {
  constructor(count) {
    this.percents = Array.from({ length: count }, () => 0);
    this.kept = new Set();
  }

  take(percents) {
    this.percents = percents.map((percent) => Math.round(percent));
  }

  move(k, percent) {
    this.percents = this.percents.map((before, j) => (j === k ? Math.round(percent) : before));
    return "";
  }

  get left() {
    return 100 - this.percents.reduce((sum, percent) => sum + percent, 0);
  }
}

/** "15 points left", "5 points too many", or that all is given. */
function leftWords(left) {
  if (!left) return "All 100 points are given";
  return left > 0 ? `${counted(left, "point", "points")} left of 100` : `${counted(-left, "point", "points")} too many`;
}
