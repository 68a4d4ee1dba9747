// The weight rows: per priority a slider, a number box, a lock and an off switch; undo, redo, back to the framework.

const TYPE_A_NUMBER = "Type a number from 0 to 100.";

class WeightRows {
  /** actions: { move(k, percent), release(), lock(k), power(k), undo(), redo(), reset() } */
  constructor(parent, priorities, actions) {
    this.actions = actions;
    this.priorities = priorities;
    this.held = false;
    const heading = element("div", { class: "panel-head" }, parent);
    const title = element("h2", { text: "Weights " }, heading);
    element("span", { class: "muted", text: "total 100%" }, title);
    this.undo = iconButton(heading, "undo", "Undo (Ctrl+Z)", () => actions.undo());
    this.redo = iconButton(heading, "redo", "Redo (Ctrl+Y)", () => actions.redo());
    const list = element("div", { class: "weights" }, parent);
    this.rows = priorities.map((priority, k) => this.row(list, priority, k));
  }

  row(list, priority, k) {
    const row = element("div", { class: "weight", role: "group", "aria-label": priority.name }, list);
    row.style.setProperty("--own", ownColour(k));
    const head = element("div", { class: "weight-head" }, row);
    element("span", { class: "chip", "aria-hidden": "true" }, head);
    element("label", { class: "weight-name", for: `slider-${k}`, text: priority.name }, head);
    const box = element("input", {
      class: "share", id: `box-${k}`, type: "text", inputmode: "decimal", autocomplete: "off",
      "aria-label": `${priority.name}, percent`, "aria-describedby": `refusal-${k}`,
    }, head);
    element("span", { class: "percent", text: "%", "aria-hidden": "true" }, head);
    const line = element("div", { class: "weight-line" }, row);
    const slider = element("input", {
      class: "slider", id: `slider-${k}`, type: "range", min: "0", max: "100", step: "1",
      "aria-describedby": `question-${k}`,
    }, line);
    const lock = iconButton(line, "open", `Lock ${priority.name}`, () => this.actions.lock(k));
    const power = element("button", { class: "power", type: "button", role: "switch" }, line);
    power.setAttribute("aria-label", `${priority.name} counts`);
    power.addEventListener("click", () => this.actions.power(k));
    slider.disabled = box.disabled = lock.disabled = power.disabled = this.priorities.length < 2;
    element("p", { class: "question", id: `question-${k}`, text: priority.question }, row);
    const refusal = element("p", { class: "refusal", id: `refusal-${k}`, role: "alert" }, row);
    this.listenToSlider(slider, k);
    listenToBox(box, () => this.rows[k].text, () => this.commit(k));
    box.addEventListener("restored", () => this.refuse(k, ""));
    return { row, box, slider, lock, power, refusal, share: -1, text: "", locked: undefined };
  }

  listenToSlider(slider, k) {
    slider.addEventListener("input", () => this.actions.move(k, Number(slider.value)));
    // A held arrow key fires `change` at every repeat; only letting go is a release.
    slider.addEventListener("keydown", (event) => (this.held ||= !event.ctrlKey && !event.metaKey && event.key !== "Tab"));
    slider.addEventListener("change", () => this.held || this.actions.release());
    for (const end of ["keyup", "blur"]) {
      slider.addEventListener(end, () => {
        if (this.held) this.actions.release();
        this.held = false;
      });
    }
  }

  commit(k) {
    const percent = typedNumber(this.rows[k].box.value);
    if (!(percent <= 100)) return this.refuse(k, TYPE_A_NUMBER, true);
    this.rows[k].text = "";
    this.actions.move(k, percent);
    return this.actions.release();
  }

  /** Say at the row what cannot be; `typed`: what stands in the box is not a number. */
  refuse(k, sentence, typed = false) {
    setText(this.rows[k].refusal, sentence);
    setAttribute(this.rows[k].box, "aria-invalid", String(typed));
  }

  clear() {
    this.rows.forEach((_, k) => this.refuse(k, ""));
  }

  draw(weights) {
    const shown = weights.percentages;
    const whole = shown.every((x) => Number.isInteger(x));
    shown.forEach((percent, k) => {
      this.drawRow(this.rows[k], percent, whole ? String(percent) : toTenth(percent).toFixed(1), weights.shares[k] === 0);
      this.drawLock(this.rows[k], weights.locked.has(k));
    });
    setAttribute(this.undo, "aria-disabled", String(!weights.past.length));
    setAttribute(this.redo, "aria-disabled", String(!weights.future.length));
  }

  drawRow(row, percent, text, off) {
    if (row.text !== text) row.text = row.box.value = text;
    const at = String(Math.round(percent));
    if (row.slider.value !== at) row.slider.value = at;
    if (row.share === percent && row.off === off) return;
    row.share = percent;
    row.off = off;
    row.slider.setAttribute("aria-valuetext", off ? "off" : `${text} percent`);
    row.row.style.setProperty("--share", String(percent));
    row.row.toggleAttribute("data-off", off);
    setAttribute(row.power, "aria-checked", String(!off));
    setAttribute(row.power, "title", off ? "Off: switch on with its share from before" : "Switch off: counts nothing");
  }

  drawLock(row, locked) {
    if (row.locked === locked) return;
    row.locked = locked;
    row.row.toggleAttribute("data-locked", locked);
    row.lock.path.setAttribute("d", ICONS[locked ? "locked" : "open"]);
    row.lock.setAttribute("aria-pressed", String(locked));
    row.lock.title = locked ? "Locked: keeps its share while others move" : "Lock: keep this share while others move";
  }
}
