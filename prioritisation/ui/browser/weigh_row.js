// One ranked row: rank, name, bar, score and how sure; its texts and bars are rewritten in place.

// Characters; longer names may take two lines of smaller type, sooner where there is less room.
const LONG_NAME = 27;
const LONG_IN_LITTLE_ROOM = 23;

class AreaRow {
  constructor(parent, table) {
    this.table = table;
    this.area = -1;
    this.bars = [];
    this.spelled = [];
    const row = (this.row = element("div", { class: "row", role: "option", tabindex: "-1" }, parent));
    this.rank = element("span", { class: "rank" }, row);
    const name = element("span", { class: "name" }, row);
    this.stem = element("span", { class: "stem" }, name);
    this.number = element("span", { class: "number" }, name);
    this.place = element("small", {}, name);
    this.tag = element("span", { class: "tag" }, row);
    const bar = svgElement("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, row);
    for (let k = 0; k < table.width; k++) {
      this.bars.push(svgElement("rect", { y: 0, height: 10, fill: ownColour(k) }, bar));
    }
    this.score = element("span", { class: "score" }, row);
    this.word = element("span", { class: "word" }, row);
    this.spoken = element("span", { class: "spoken" }, row);
  }

  draw(area, state) {
    if (this.area !== area) this.rename(area);
    const rank = state.ranks[area];
    setText(this.rank, rankText(state, area));
    setText(this.score, rank ? state.score[area].toFixed(1) : "not scored");
    const tag = state.entered.has(area) ? "new" : state.left.has(area) ? "left" : "";
    setText(this.tag, tag);
    setFlag(this.row, "data-long", this.length > (tag ? LONG_IN_LITTLE_ROOM : LONG_NAME));
    setText(this.word, sureness(state, area)?.word ?? "");
    setFlag(this.row, "data-selected", area === state.selected);
    setFlag(this.row, "data-hovered", area === state.hovered);
    setFlag(this.row, "data-outside", Boolean(state.locality) && this.table.areas[area].locality !== state.locality);
    this.drawBar(area, state, rank > 0);
  }

  rename(area) {
    const { name, locality } = this.table.areas[area];
    this.area = area;
    const [, stem, number] = /^(.*?)( - \d+)?$/s.exec(name);
    setText(this.stem, stem);
    setText(this.number, number ?? "");
    setText(this.place, locality ?? "");
    this.length = name.length;
    setFlag(this.row, "data-longish", name.length > LONG_IN_LITTLE_ROOM);
    this.row.title = [name, locality].filter(Boolean).join(", ");
  }

  /** Stacked: what each priority adds, end to end. Side by side: a cell as wide as the weight, filled to the score. */
  drawBar(area, state, scored) {
    const { table } = this;
    const { shares } = state.weights;
    const parts = state.sideBySide ? undefined : contributions(table, shares, area, state.score[area], table.scratch);
    let cell = 0;
    for (let k = 0; k < table.width; k++) {
      const own = parts ? parts[k] : shares[k] > 0 ? shares[k] * table.priorityScores[area * table.width + k] : 0;
      const width = (scored && own > 0 ? own : 0).toFixed(2);
      const from = cell.toFixed(2);
      if (this.spelled[k] !== from + width) {
        this.spelled[k] = from + width;
        this.bars[k].setAttribute("x", from);
        this.bars[k].setAttribute("width", width);
      }
      cell += parts ? Number(width) : 100 * shares[k];
    }
  }

  /** What a bar shows is spoken too; rewritten when the drag ends, not at every frame. */
  describe(state) {
    const parts = contributions(this.table, state.weights.shares, this.area, state.score[this.area], this.table.scratch);
    const words = this.table.priorities.map((priority, k) => `${priority.name} ${parts[k].toFixed(1)}`);
    setText(this.spoken, state.ranks[this.area] ? `: ${words.join(", ")}` : "");
    setAttribute(this.row, "aria-selected", String(this.area === state.selected));
    const sure = sureness(state, this.area);
    setAttribute(this.word, "title", sure ? surenessWords(sure) : "");
  }
}

/** { word, share } of an area as Python sent them, or undefined. */
function sureness(state, area) {
  const sent = state.stability;
  const at = sent ? sent.word[area] : -1;
  return at >= 0 ? { word: sent.words[at], share: sent.share[area] } : undefined;
}

/** "on the shortlist in 97% of the weightings close to this one": never 100% or 0% by rounding alone. */
function surenessWords({ share }) {
  if (share === 1 || share === 0) return `on the shortlist in ${share ? "every one" : "none"} of the weightings close to this one`;
  const percent = Math.min(99.9, Math.max(0.1, 100 * share));
  const spelled = percent > 1 && percent < 99 ? percent.toFixed(0) : spelledPercent(percent);
  return `on the shortlist in ${spelled}% of the weightings close to this one`;
}

/** Why a word seems not to go with where the area stands: it is about other weights, the place is about these. */
function againstItsPlace({ share }, inside) {
  if (inside && share < 0.3) return "With exactly these weights it is on the list; most weightings close to them leave it out";
  if (!inside && share >= 0.7) return "With exactly these weights it is not on the list; most weightings close to them bring it in";
  return "";
}
