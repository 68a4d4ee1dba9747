// The sheet that a map or chart is put on: title, choices, legend, drawings, source and ids, as text in one SVG.

const SHEET = { margin: 24, least: 640, fonts: "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', 'Noto Sans', Arial, sans-serif" };
const TITLE = { size: 18, weight: 600 };
const LINE = { size: 12.5, weight: 400 };
const FOOT = { size: 11, weight: 400 };

/** about: { title, chosen, legend, foot } (image.py); a drawing without a title has its own, above its choices.
    parts: [{ copies, width, height }] side by side. Returns { svg: its source, width, height }. */
function sheetOf(about, parts, colours) {
  const inner = Math.max(SHEET.least, parts.reduce((sum, part) => sum + part.width, 0) + SHEET.margin * (parts.length - 1));
  const width = inner + 2 * SHEET.margin;
  const sheet = new Sheet(width, inner, colours);
  const steps = [
    () => about.chosen.forEach((line) => sheet.lines(line, about.title ? LINE : FOOT, colours.quiet)),
    () => about.legend.entries.length && sheet.legend(about.legend),
    () => sheet.place(parts, about.title ? 0.5 : 0),
  ];
  if (about.title) sheet.lines(about.title, TITLE, colours.ink);
  for (const step of about.title ? steps : steps.reverse()) step();
  for (const line of about.foot) sheet.lines(line, FOOT, colours.quiet);
  return sheet.done(about.spoken || about.title);
}

class Sheet {
  constructor(width, inner, colours) {
    Object.assign(this, { width, inner, colours, y: SHEET.margin });
    this.svg = drawn("svg", { "font-family": SHEET.fonts });
    this.pen = document.createElement("canvas").getContext("2d");
  }

  /** A paragraph, wrapped to the width. */
  lines(text, { size, weight }, fill) {
    for (const line of this.wrapped(text, size, weight)) {
      this.y += size * 1.35;
      this.text(SHEET.margin, this.y - size * 0.3, line, { size, weight, fill });
    }
    this.y += size * 0.2;
  }

  wrapped(text, size, weight) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (this.wide(longer, size, weight) <= this.inner || !lines.at(-1)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  wide(text, size, weight = 400) {
    this.pen.font = `${weight} ${size}px ${SHEET.fonts}`;
    return this.pen.measureText(text).width;
  }

  text(x, y, words, { size, weight = 400, fill = this.colours.ink, anchor = "start" }) {
    const made = drawn("text", { x: rounded(x), y: rounded(y), "font-size": size, "font-weight": weight, fill, "text-anchor": anchor }, this.svg);
    made.textContent = words;
  }

  /** Classes as one band between words at both ends, then everything else, as many to a line as fit. */
  legend({ least, greatest, entries }) {
    this.y += 10;
    const classes = entries.filter((entry) => entry.kind === "class");
    if (classes.length) this.band(classes, least, greatest);
    let x = SHEET.margin;
    for (const entry of entries.filter((one) => one.kind !== "class")) {
      const wide = 28 + this.wide(entry.words, LINE.size) + 18;
      if (x > SHEET.margin && x + wide > SHEET.margin + this.inner) [x, this.y] = [SHEET.margin, this.y + 20];
      this.swatch(entry, x, this.y);
      this.text(x + 28, this.y + 11, entry.words, LINE);
      x += wide;
    }
    if (x > SHEET.margin) this.y += 24;
  }

  band(classes, least, greatest) {
    const step = Math.max(44, ...classes.map(({ words }) => this.wide(words, FOOT.size) + 12));
    let x = SHEET.margin;
    this.text(x, this.y + 12, least, { ...LINE, fill: this.colours.quiet });
    x += this.wide(least, LINE.size) + 8;
    for (const { fill, words, digit, ink } of classes) {
      drawn("rect", { x: rounded(x), y: this.y, width: rounded(step), height: 16, fill, stroke: this.colours.line, "stroke-width": 0.5 }, this.svg);
      if (digit) this.text(x + step / 2, this.y + 12, digit, { size: 11, fill: ink, anchor: "middle" });
      this.text(x + step / 2, this.y + 29, words, { ...FOOT, anchor: "middle" });
      x += step;
    }
    this.text(x + 8, this.y + 12, greatest, { ...LINE, fill: this.colours.quiet });
    this.y += 38;
  }

  /** What stands beside a word: a state's look, an outline, a line or a dot. */
  swatch({ kind, fill, mark, border }, x, y) {
    const [left, top, right] = [x + 1, y + 1, x + 21];
    if (kind === "line" || kind === "dash") {
      const dash = kind === "dash" ? { "stroke-dasharray": "5 3" } : {};
      drawn("path", { d: `M${left} ${y + 7}H${right}`, stroke: fill, "stroke-width": kind === "dash" ? 1.6 : 3.5, ...dash }, this.svg);
    } else if (kind === "dot") {
      drawn("circle", { cx: x + 11, cy: y + 7, r: 5, fill, stroke: border ?? "none", "stroke-width": 1.6 }, this.svg);
    } else {
      const dash = kind === "missing" ? { "stroke-dasharray": "2 2" } : {};
      const edge = { stroke: border || this.colours.ink, "stroke-width": kind === "outline" ? 2 : 1, ...dash };
      drawn("rect", { x: left, y: top, width: 20, height: 12, fill: fill || "none", ...edge }, this.svg);
      if (kind === "suppressed") drawn("path", { d: `M${left + 2} ${top + 10}l8 -8M${left + 8} ${top + 10}l8 -8`, stroke: mark || this.colours.quiet, "stroke-width": 1.6 }, this.svg);
      if (kind === "missing") for (const across of [5, 10, 15]) drawn("circle", { cx: left + across, cy: top + 6, r: 1.1, fill: mark }, this.svg);
    }
  }

  /** aside: how much of the room that is left lies on the left. */
  place(parts, aside) {
    this.y += aside ? 8 : 0;
    const left = this.inner - parts.reduce((sum, part) => sum + part.width, SHEET.margin * (parts.length - 1));
    let x = SHEET.margin + aside * left;
    for (const part of parts) {
      for (const copy of part.copies) {
        for (const [name, value] of Object.entries({ x, y: this.y, width: part.width, height: part.height })) copy.setAttribute(name, rounded(value));
        this.svg.append(copy);
      }
      x += part.width + SHEET.margin;
    }
    this.y += Math.max(...parts.map((part) => part.height)) + 10;
  }

  done(title) {
    const [width, height] = [this.width, this.y + SHEET.margin - 6].map(Math.ceil);
    const ground = drawn("rect", { width, height, fill: this.colours.ground });
    const name = drawn("title", {});
    name.textContent = title;
    this.svg.prepend(name, ground);
    for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, role: "img" })) this.svg.setAttribute(key, value);
    return { svg: new XMLSerializer().serializeToString(this.svg), width, height };
  }
}

function drawn(name, attributes, parent) {
  const made = document.createElementNS(IMAGE_SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}
