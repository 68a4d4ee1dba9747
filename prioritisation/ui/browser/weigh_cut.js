// The cut line: dragged, moved by arrow keys, or set by a number of areas or by the people they must hold.

class CutLine {
  /** actions: { move(count), release(), place(clientY) -> count } */
  constructor(actions, peopled) {
    this.actions = actions;
    this.line = element("div", { class: "cut-line" });
    this.handle = element("div", {
      class: "cut-handle", role: "slider", tabindex: "0", "aria-orientation": "vertical", "aria-valuemin": "1",
      "aria-label": "Cut line: arrow down takes more areas", title: "Drag, or use the arrow keys",
    }, this.line);
    const grip = svgElement("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, this.handle);
    svgElement("path", { d: ICONS.grip }, grip);
    element("span", { text: "First" }, this.line);
    this.areas = this.box("cut-areas", "Shortlist, number of areas", (count) => this.setAreas(count));
    this.areasWord = element("span", {}, this.line);
    this.people = this.box("cut-people", "Shortlist, enough areas for so many people", (count) => this.setPeople(count));
    this.peopleWord = element("span", { text: "people" }, this.line);
    this.people.box.hidden = this.peopleWord.hidden = !peopled;
    this.refusal = element("p", { class: "refusal", role: "alert" }, this.line);
    this.listen();
  }

  box(name, label, take) {
    const box = element("input", {
      class: name, type: "text", inputmode: "numeric", autocomplete: "off", "aria-label": label, title: label,
    }, this.line);
    const made = { box, text: "" };
    listenToBox(box, () => made.text, () => {
      const count = typedNumber(box.value, true);
      setText(this.refusal, count >= 1 ? "" : "Type a whole number of 1 or more.");
      if (count >= 1) take(count);
    });
    box.addEventListener("restored", () => setText(this.refusal, ""));
    return made;
  }

  setAreas(count) {
    const { scored } = this.state;
    if (count > scored) return setText(this.refusal, `There are ${scored} scored areas.`);
    this.areas.text = "";
    this.actions.move(count);
    return this.actions.release();
  }

  /** The fewest areas from the top that together hold so many people. */
  setPeople(wanted) {
    const { order, scored } = this.state;
    const { areas } = this.table;
    let [held, count] = [0, 0];
    while (count < scored && held < wanted) held += areas[order[count++]].population ?? 0;
    if (held < wanted) return setText(this.refusal, `All scored areas together hold ${grouped(held)} people.`);
    this.people.text = "";
    this.actions.move(count);
    return this.actions.release();
  }

  listen() {
    const { line, handle } = this;
    line.addEventListener("pointerdown", (event) => {
      if (event.target.closest("input") || event.button) return;
      event.preventDefault();
      handle.focus();
      line.setPointerCapture(event.pointerId);
      this.dragged = true;
      this.held = event.clientY - line.getBoundingClientRect().top; // taken lower down, the line must not jump there
    });
    line.addEventListener("pointermove", (event) => {
      if (this.dragged) this.actions.move(this.actions.place(event.clientY - this.held));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      line.addEventListener(end, () => {
        if (this.dragged) this.actions.release();
        this.dragged = false;
      });
    }
    handle.addEventListener("keydown", (event) => this.key(event));
    for (const end of ["keyup", "blur"]) {
      handle.addEventListener(end, () => {
        if (this.stepped) this.actions.release();
        this.stepped = false;
      });
    }
  }

  key(event) {
    const { cut, scored } = this.state;
    const targets = {
      ArrowDown: cut + 1, ArrowRight: cut + 1, ArrowUp: cut - 1, ArrowLeft: cut - 1,
      PageDown: cut + 5, PageUp: cut - 5, Home: 1, End: scored,
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.stepped = true;
    this.actions.move(targets[event.key]);
  }

  draw(state, table) {
    Object.assign(this, { state, table });
    const tied = state.shortlist.length - state.cut;
    this.write(this.areas, String(state.cut));
    this.write(this.people, grouped(state.people));
    setText(this.areasWord, `${state.cut === 1 ? "area" : "areas"}${tied > 0 ? ` and ${tied} tied` : ""}${this.people.box.hidden ? "" : ","}`);
    setAttribute(this.handle, "aria-valuemax", String(Math.max(1, state.scored)));
    setAttribute(this.handle, "aria-valuenow", String(Math.min(state.cut, Math.max(1, state.scored))));
    setAttribute(this.handle, "aria-valuetext", `First ${state.cut} areas`);
  }

  write(made, text) {
    if (made.text === text) return;
    made.text = made.box.value = text;
    setText(this.refusal, "");
  }
}
