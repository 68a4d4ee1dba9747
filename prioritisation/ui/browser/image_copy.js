// A copy of an SVG on the page that looks the same anywhere: what style sheets say is written into each element.

const IMAGE_SVG = "http://www.w3.org/2000/svg";
const SHAPES = ("d x y x1 y1 x2 y2 cx cy r rx ry dx dy width height points transform id viewBox preserveAspectRatio offset "
  + "patternUnits patternTransform patternContentUnits clipPathUnits clip-path").split(" ");
const USUAL = {
  opacity: "1", "fill-opacity": "1", "stroke-opacity": "1", "stroke-linecap": "butt", "stroke-linejoin": "miter",
  "font-size": "", "font-weight": "400", "font-style": "normal", "text-anchor": "start", "paint-order": "normal",
  "dominant-baseline": "auto",
};
const NEVER_SEEN = "defs, clipPath, pattern, title";
const spelledColours = new Map();

/** unit: how many units of the SVG one unit of the picture is, for lines that are as wide at every zoom;
    onPaper(colour): the colour that it has in the picture. */
function copyOf(svg, unit, onPaper = (colour) => colour) {
  const copy = svg.cloneNode(true);
  const [own, copied] = [svg, copy].map((whole) => [whole, ...whole.querySelectorAll("*")]);
  own.forEach((from, i) => dress(from, copied[i], unit, onPaper));
  own.forEach((from, i) => i && !isSeen(from) && copied[i].remove());
  return copy;
}

function isSeen(from) {
  if (from.matches(NEVER_SEEN) || from.closest("defs")) return true;
  const style = getComputedStyle(from);
  return style.display !== "none" && style.visibility !== "hidden" && style.opacity !== "0";
}

/** Write onto one copied element how its original looks. */
function dress(from, to, unit, onPaper) {
  const style = getComputedStyle(from);
  for (const { name } of [...to.attributes]) if (!SHAPES.includes(name)) to.removeAttribute(name);
  if (from.matches("defs, clipPath, title, g:empty")) return;
  const thin = style.vectorEffect === "non-scaling-stroke" ? unit : 1;
  if (from.matches("path, rect, circle, line, polygon, polyline, ellipse, text, tspan")) {
    for (const paint of ["fill", "stroke"]) to.setAttribute(paint, onPaper(paintOf(style[paint])));
    if (style.stroke !== "none") {
      to.setAttribute("stroke-width", rounded(parseFloat(style.strokeWidth) * thin));
      if (style.strokeDasharray !== "none") to.setAttribute("stroke-dasharray", scaled(style.strokeDasharray, thin));
    }
  }
  for (const [name, usual] of Object.entries(USUAL)) {
    const value = style.getPropertyValue(name);
    const forText = name.startsWith("font") || name === "text-anchor" || name === "dominant-baseline";
    if (value !== usual && (name === "opacity" || (forText ? from.matches("text, tspan") : !from.matches("g, svg")))) {
      to.setAttribute(name, value);
    }
  }
  if (from.matches("text")) to.setAttribute("xml:space", "preserve");
}

/** A paint as every program reads it: "none", a reference within the picture, or #rrggbb. */
function paintOf(value) {
  const reference = /^url\("?#([^")]+)"?\)/.exec(value);
  if (reference) return `url(#${reference[1]})`;
  if (value === "none" || value === "transparent") return "none";
  if (!spelledColours.has(value)) spelledColours.set(value, spelledColour(value));
  return spelledColours.get(value);
}

/** Browsers spell mixed colours in ways that other programs cannot read, so one pixel is painted and read back. */
function spelledColour(value) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  if (alpha === 0) return "none";
  const hex = (part) => part.toString(16).padStart(2, "0");
  return alpha === 255 ? `#${hex(red)}${hex(green)}${hex(blue)}` : `rgba(${red},${green},${blue},${(alpha / 255).toFixed(2)})`;
}

function scaled(lengths, by) {
  return lengths.split(/[\s,]+/).map((length) => rounded(parseFloat(length) * by)).join(" ");
}

function rounded(value) {
  return String(Math.round(value * 100) / 100);
}
