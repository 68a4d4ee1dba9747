// "Image": a quiet control under a map or chart that saves it, with all that it needs to stand alone, as PNG or SVG.

const PIXELS = 2; // of a PNG for each unit, so that it prints well
const TALLEST_MAP = 620;
const PAPER = { ground: "#ffffff", ink: "#1a2530", quiet: "#565e66", line: "#babec1" }; // light, whatever the screen is

class ImageControl {
  /** make(): { about (image.py), parts (image_sheet.js) } of what is on the page now; nothing while it is changing. */
  constructor(parent, what, make) {
    this.make = make;
    this.root = part("div", { class: "image-control" }, parent);
    this.opener = part("button", { type: "button", "aria-expanded": "false", text: "Image", title: `Save ${what} as a picture` }, this.root);
    this.choices = part("span", { hidden: "", role: "group", "aria-label": `Save ${what} as a picture` }, this.root);
    for (const kind of ["PNG", "SVG"]) {
      const choice = part("button", { type: "button", text: kind, title: kind === "PNG" ? "For documents and slides" : "For print and drawing programs" }, this.choices);
      choice.addEventListener("click", () => this.save(kind));
    }
    this.said = part("span", { role: "status" }, this.root);
    this.opener.addEventListener("click", () => this.open(this.choices.hidden));
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.choices.hidden) return;
      event.stopPropagation();
      this.open(false);
      this.opener.focus();
    });
  }

  open(on) {
    this.choices.hidden = !on;
    this.opener.setAttribute("aria-expanded", String(on));
    this.said.textContent = "";
  }

  async save(kind) {
    const found = this.make();
    if (!found) return (this.said.textContent = "Still drawing; try again in a moment.");
    const sheet = sheetOf(found.about, found.parts, PAPER);
    const image = kind === "SVG" ? new Blob([sheet.svg], { type: "image/svg+xml" }) : await pngOf(sheet);
    download(image, `${found.about.file}.${kind.toLowerCase()}`);
    return this.open(false);
  }
}

function part(name, { text, ...attributes }, parent) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  parent.append(made);
  return made;
}

/** A map at the size of a page, whatever its size on the screen; each drawing is as large as its viewBox asks. */
function mapParts(drawings) {
  const boxes = drawings.map((svg) => svg.viewBox.baseVal);
  const most = (960 - 24 * (drawings.length - 1)) / drawings.length;
  const height = Math.min(TALLEST_MAP, ...boxes.map((box) => (most * box.height) / box.width));
  return drawings.map((svg, i) => ({
    width: (height * boxes[i].width) / boxes[i].height, height, copies: [mapCopy(svg, boxes[i], boxes[i].height / height)],
  }));
}

/** Patterns are drawn for the size on the screen; they get as fine as the picture's. */
function mapCopy(svg, box, unit) {
  const copy = copyOf(svg, unit);
  const { width, height } = svg.getBoundingClientRect();
  const finer = unit / Math.max(box.width / width, box.height / height);
  for (const pattern of copy.querySelectorAll("pattern")) {
    pattern.setAttribute("patternTransform", `scale(${finer.toFixed(4)}) ${pattern.getAttribute("patternTransform") ?? ""}`.trim());
  }
  return copy;
}

/** The layers of a chart, one over the other, at the size that they have on the screen.
    dark: { ground, ink, colours: { of the dark theme: of the light one } } where the page is dark. */
function chartPart(layers, dark) {
  const { width, height } = layers[0].getBoundingClientRect();
  const onPaper = dark ? (colour) => dark.colours[colour] ?? greyOnPaper(colour, dark) : undefined;
  return { width, height, copies: layers.map((layer) => copyOf(layer, 1, onPaper)) };
}

/** What lies between a dark ground and its text lies as far between white and ink; other colours stay. */
function greyOnPaper(colour, { ground, ink }) {
  const parts = channels(colour);
  if (!parts || Math.max(...parts) - Math.min(...parts) > 40) return colour;
  const [from, to, own] = [ground, ink, colour].map((one) => channels(one).reduce((sum, part) => sum + part, 0));
  const share = Math.min(1, Math.max(0, (own - from) / (to - from)));
  const [white, black] = [PAPER.ground, PAPER.ink].map(channels);
  return `#${white.map((part, i) => Math.round(part + share * (black[i] - part)).toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour) {
  return colour[0] === "#" ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) : undefined;
}

async function pngOf({ svg, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * PIXELS, height * PIXELS];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
