// The ballot's rows: per priority its question, a slider, a number box, less and more; shares can be kept as they are.

const STEP = 5;
const NOT_A_NUMBER = "Type a number from 0 to 100.";

class BallotRows {
  /** unit: "percent" or "points"; actions: { move(k, percent), keep(k) or nothing where shares stand alone } */
  constructor(parent, priorities, unit, actions) {
    Object.assign(this, { actions, unit });
    const list = element("div", { class: "rows" }, parent);
    this.rows = priorities.map((priority, k) => this.row(list, priority, k));
  }

  row(list, priority, k) {
    const row = element("div", { class: "row", role: "group", "aria-labelledby": `asked-${k}` }, list);
    const head = element("div", { class: "head" }, row);
    const asked = element("p", { class: "asked", id: `asked-${k}`, text: "How much should " }, head);
    element("strong", { text: priority.name }, asked);
    asked.append(" count?");
    const keep = this.actions.keep && this.keeper(head, priority, k);
    if (priority.question) element("p", { class: "about", id: `about-${k}`, text: priority.question }, row);
    const line = element("div", { class: "line" }, row);
    const less = this.step(line, "\u2212", `Less for ${priority.name}`, k, -STEP);
    const slider = element("input", {
      type: "range", min: "0", max: "100", step: "1", "aria-label": `${priority.name}, slider`,
      ...(priority.question ? { "aria-describedby": `about-${k}` } : {}),
    }, line);
    const more = this.step(line, "+", `More for ${priority.name}`, k, STEP);
    const box = element("input", {
      class: "share", type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `${priority.name}, ${this.unit}`,
      "aria-describedby": `fault-${k}`,
    }, line);
    if (this.unit === "percent") element("span", { class: "percent", text: "%", "aria-hidden": "true" }, line);
    const fault = element("p", { class: "fault", id: `fault-${k}`, role: "alert" }, row);
    slider.addEventListener("input", () => this.actions.move(k, Number(slider.value)));
    listenToBox(box, () => this.rows[k].text, () => this.typed(k));
    box.addEventListener("restored", () => this.say(k, ""));
    return { row, slider, box, less, more, keep, fault, text: "" };
  }

  step(parent, sign, name, k, by) {
    const next = () => this.actions.move(k, Math.min(100, Math.max(0, stepped(this.percents[k], by))));
    return button(parent, sign, next, { class: "step", "aria-label": name });
  }

  keeper(parent, priority, k) {
    const keep = iconButton(parent, "open", `Keep the share of ${priority.name}`, () => this.actions.keep(k));
    keep.classList.add("keep");
    return keep;
  }

  typed(k) {
    const percent = typedNumber(this.rows[k].box.value);
    if (!(percent <= 100)) return this.say(k, NOT_A_NUMBER, true);
    this.rows[k].text = "";
    return this.actions.move(k, percent);
  }

  /** Say at a row what cannot be; `typed`: what stands in its box is not a number. */
  say(k, sentence, typed = false) {
    setText(this.rows[k].fault, sentence);
    setAttribute(this.rows[k].box, "aria-invalid", String(typed));
  }

  draw(percents, kept = new Set()) {
    this.percents = percents;
    percents.forEach((percent, k) => {
      const row = this.rows[k];
      const text = spelledPercent(percent);
      if (row.text !== text) row.text = row.box.value = text;
      row.slider.value = String(Math.round(percent));
      row.slider.setAttribute("aria-valuetext", `${text} ${this.unit}`);
      row.row.style.setProperty("--share", String(percent));
      if (row.keep) drawKeeper(row.keep, kept.has(k));
    });
  }
}

/** The next multiple of the step, so that 33.3 goes to 35 and then to 40. */
function stepped(percent, by) {
  const at = percent / Math.abs(by);
  return Math.abs(by) * (by > 0 ? Math.floor(at + 1e-9) + 1 : Math.ceil(at - 1e-9) - 1);
}

function drawKeeper(keep, kept) {
  keep.path.setAttribute("d", ICONS[kept ? "locked" : "open"]);
  keep.setAttribute("aria-pressed", String(kept));
  keep.title = kept ? "Kept: stays as it is while others move" : "Keep this share while others move";
}
