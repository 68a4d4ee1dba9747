// The weight rows: one slider and one number box per priority, and the way back to the framework.

const TYPE_A_NUMBER = "Type a number from 0 to 100.";

class WeightRows {
  /** actions: { move(k, share), release(), reset() } */
  constructor(parent, priorities, actions) {
    this.actions = actions;
    this.priorities = priorities;
    this.held = false;
    const heading = element("div", { class: "panel-head" }, parent);
    element("h2", { text: "Weights" }, heading);
    element("span", { class: "muted", text: "Total 100%" }, heading);
    const list = element("div", { class: "weights" }, parent);
    this.rows = priorities.map((priority, k) => this.row(list, priority, k));
    this.reset = element("button", { class: "plain", type: "button", text: "Reset to the framework" }, parent);
    this.reset.addEventListener("click", () => actions.reset());
  }

  row(list, priority, k) {
    const row = element("div", { class: "weight", role: "group", "aria-label": priority.name }, list);
    row.style.setProperty("--own", `var(--priority-${k % PRIORITY_COLOURS})`);
    const head = element("div", { class: "weight-head" }, row);
    element("span", { class: "chip", "aria-hidden": "true" }, head);
    element("label", { class: "weight-name", for: `slider-${k}`, text: priority.name }, head);
    const box = element("input", {
      class: "share", id: `box-${k}`, type: "text", inputmode: "decimal", autocomplete: "off",
      "aria-label": `${priority.name}, percent`, "aria-describedby": `refusal-${k}`,
    }, head);
    element("span", { class: "percent", text: "%", "aria-hidden": "true" }, head);
    const slider = element("input", {
      class: "slider", id: `slider-${k}`, type: "range", min: "0", max: "100", step: "1",
      "aria-describedby": `question-${k}`,
    }, row);
    slider.disabled = box.disabled = this.priorities.length < 2;
    element("p", { class: "question", id: `question-${k}`, text: priority.question }, row);
    const refusal = element("p", { class: "refusal", id: `refusal-${k}`, role: "alert" }, row);
    this.listenToSlider(slider, k);
    this.listenToBox(box, refusal, k);
    return { row, box, slider, refusal, share: -1, text: "" };
  }

  listenToSlider(slider, k) {
    slider.addEventListener("input", () => this.actions.move(k, Number(slider.value) / 100));
    // A held arrow key fires `change` at every repeat; only letting go is a release.
    slider.addEventListener("keydown", () => (this.held = true));
    slider.addEventListener("change", () => this.held || this.actions.release());
    for (const end of ["keyup", "blur"]) {
      slider.addEventListener(end, () => {
        if (this.held) this.actions.release();
        this.held = false;
      });
    }
  }

  listenToBox(box, refusal, k) {
    box.addEventListener("focus", () => box.select());
    box.addEventListener("blur", () => this.commit(box, refusal, k));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        this.commit(box, refusal, k);
        box.select();
      } else if (event.key === "Escape") {
        box.value = this.rows[k].text;
        this.refuse(box, refusal, "");
      }
    });
  }

  commit(box, refusal, k) {
    if (box.value === this.rows[k].text) return this.refuse(box, refusal, "");
    const typed = /^\s*(\d{1,3}(?:[.,]\d+)?)\s*%?\s*$/.exec(box.value);
    const percent = typed ? Number(typed[1].replace(",", ".")) : NaN;
    if (!(percent >= 0 && percent <= 100)) return this.refuse(box, refusal, TYPE_A_NUMBER);
    this.refuse(box, refusal, "");
    this.rows[k].text = "";
    this.actions.move(k, percent / 100);
    return this.actions.release();
  }

  refuse(box, refusal, sentence) {
    refusal.textContent = sentence;
    box.setAttribute("aria-invalid", sentence ? "true" : "false");
  }

  draw(shares, fresh) {
    const shown = percentages(shares);
    const whole = shown.every((x) => Number.isInteger(x));
    shown.forEach((percent, k) => this.drawRow(this.rows[k], percent, whole ? String(percent) : percent.toFixed(1)));
    this.reset.toggleAttribute("data-idle", !fresh);
  }

  drawRow(row, percent, text) {
    if (row.text !== text) {
      row.text = row.box.value = text;
      this.refuse(row.box, row.refusal, "");
    }
    if (row.share === percent) return;
    row.share = percent;
    row.slider.value = String(Math.round(percent));
    row.slider.setAttribute("aria-valuetext", `${text} percent`);
    row.row.style.setProperty("--share", String(percent));
    row.row.toggleAttribute("data-off", percent === 0);
  }
}
