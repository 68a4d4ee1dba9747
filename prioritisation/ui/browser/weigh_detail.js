// What is known about one area, under the list: the one pointed at, or else the one selected.

const NOTHING_CHOSEN = "“Shortlisted” says how often an area is on the list when every weight moves by up to a quarter: "
  + "so one on the list now can be there rarely, and one below the line often. Point at an area, or choose one, to see why.";
const STALE = "How sure this is follows when you let go.";
const NOT_KNOWN_HERE = "How sure this is was worked out for the weights and the cut line at export only.";

class AreaDetail {
  /** actions: { pin(area), compare(area) } */
  constructor(parent, table, actions) {
    this.table = table;
    const detail = element("div", { class: "detail" }, parent);
    this.who = element("p", { class: "who" }, detail);
    [this.name, this.standing, this.place] = ["strong", "span", "span"].map((part) => element(part, {}, this.who));
    this.acts = element("span", { class: "acts" }, detail);
    this.pin = button(this.acts, "Pin", () => actions.pin(this.state.selected), { title: "Keep on top of the list (p in the list)" });
    this.compare = button(this.acts, "Compare", () => actions.compare(this.state.selected), { title: "Put side by side with up to three others (c in the list)" });
    this.why = element("p", { class: "why" }, detail);
    this.known = element("p", { class: "known" }, detail);
  }

  draw(state) {
    this.state = state;
    const area = state.hovered >= 0 ? state.hovered : state.selected;
    setFlag(this.acts, "hidden", state.selected < 0 || area !== state.selected);
    setFlag(this.who, "hidden", area < 0);
    setText(this.known, state.known?.[state.ids[area]] ?? "");
    if (area < 0) {
      for (const part of [this.name, this.standing, this.place]) setText(part, "");
      return setText(this.why, NOTHING_CHOSEN);
    }
    const { name, locality, population } = this.table.areas[area];
    setText(this.name, name);
    const people = population === null || population === undefined ? "" : counted(population, "person", "people");
    setText(this.standing, [standing(state, area), people].filter(Boolean).join(" · "));
    setText(this.place, locality ?? "");
    setText(this.why, state.fresh ? whyWords(state, area) : state.alone ? NOT_KNOWN_HERE : STALE);
    setAttribute(this.pin, "aria-pressed", String(state.pinned.has(area)));
    return setAttribute(this.compare, "aria-pressed", String(state.compared.includes(area)));
  }
}

/** How sure, what would turn it, and why it moved, as far as Python has said it. */
function whyWords(state, area) {
  const sure = sureness(state, area);
  const flip = state.flips?.[area];
  const sentences = [
    sure && `${sure.word}: ${surenessWords(sure)}`,
    sure && state.ranks[area] > 0 && againstItsPlace(sure, state.ranks[area] <= state.cut),
    flip && flip[0].toUpperCase() + flip.slice(1),
    state.change?.areas[state.ids[area]],
  ];
  return sentences.filter(Boolean).map((sentence) => sentence.replace(/\.?$/, ".")).join(" ");
}
