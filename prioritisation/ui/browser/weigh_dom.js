// Elements, colours and words that every part of the weighing view uses.

const SVG = "http://www.w3.org/2000/svg";
const CLASS_COUNT = 5;
const PRIORITY_COLOURS = 8;
const RAMPS = {
  light: ["#e3edf5", "#aecbe0", "#6fa0c6", "#336f9f", "#0b3a66"],
  dark: ["#e9f1f8", "#b9d3e8", "#86b1d6", "#548dc0", "#2f6aa3"],
};
const INKS = { // of the class number on its class's colour: 4.5 to 1 or more
  light: ["#1a2530", "#1a2530", "#1a2530", "#ffffff", "#ffffff"],
  dark: ["#12181f", "#12181f", "#12181f", "#12181f", "#ffffff"],
};
const ICONS = {
  locked: "M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm2 0h4V5a2 2 0 0 0-4 0z",
  open: "M4 7V5a4 4 0 0 1 7.8-1.3l-1.9.6A2 2 0 0 0 6 5v2h7v7H3V7z",
  undo: "M6.5 2.5 2 7l4.5 4.5V8.5H10a2.2 2.2 0 0 1 0 4.4H7V14.9h3a4.2 4.2 0 0 0 0-8.4H6.5z",
  redo: "M9.5 2.5 14 7 9.5 11.5V8.5H6a2.2 2.2 0 0 0 0 4.4h3v2H6a4.2 4.2 0 0 1 0-8.4h3.5z",
  close: "M3.4 4.8 4.8 3.4 8 6.6l3.2-3.2 1.4 1.4L9.4 8l3.2 3.2-1.4 1.4L8 9.4l-3.2 3.2-1.4-1.4L6.6 8z",
  grip: "M2 5h12v2H2zM2 9h12v2H2z",
};

function element(name, { text, ...attributes } = {}, parent) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.append(text);
  parent?.append(made);
  return made;
}

function svgElement(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.appendChild(made);
  return made;
}

function button(parent, text, action, attributes = {}) {
  const made = element("button", { class: "plain", type: "button", text, ...attributes }, parent);
  made.addEventListener("click", () => action());
  return made;
}

/** A button that shows a sign and says a name. */
function iconButton(parent, sign, name, action) {
  const made = element("button", { class: "icon", type: "button", "aria-label": name, title: name }, parent);
  const svg = svgElement("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, made);
  made.path = svgElement("path", { d: ICONS[sign], "fill-rule": "evenodd" }, svg);
  made.addEventListener("click", () => action());
  return made;
}

/** One text node, changed only when its text does. */
function setText(node, text) {
  if (!node.firstChild) node.append(text);
  else if (node.firstChild.data !== text) node.firstChild.data = text;
}

function setFlag(node, name, on) {
  if (node.hasAttribute(name) !== on) node.toggleAttribute(name, on);
}

function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

function ownColour(k) {
  return `var(--priority-${k % PRIORITY_COLOURS})`;
}

/** 11420 as "11,420". */
function grouped(count) {
  return Math.round(count).toLocaleString("en-GB");
}

function counted(count, one, many) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** What a box holds as a number, NaN where it is none: "12,5 %" is 12.5, and "11,420" people are 11420. */
function typedNumber(text, whole = false) {
  const bare = whole ? text.replace(/[\s,]/g, "") : text.replace(",", ".").replace(/[\s%]/g, "");
  return (whole ? /^\d{1,9}$/ : /^\d{1,3}(\.\d+)?$/).test(bare) ? Number(bare) : NaN;
}

/** Text as people search it: no capitals, no accents. */
function searchable(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** "4", or "4=" when another area has the same rank; "–" when not scored. */
function rankText(state, area) {
  const rank = state.ranks[area];
  if (!rank) return "–";
  return state.ranks[state.order[rank]] === rank ? `${rank}=` : String(rank);
}

/** "Rank 4 of 153, score 75.7", or that there is none. */
function standing(state, area) {
  if (!state.ranks[area]) return "Not scored";
  return `Rank ${rankText(state, area)} of ${state.scored}, score ${state.score[area].toFixed(1)}`;
}

/** A number box that takes its number on Enter or when left, says what is wrong, and gives up on Escape. */
function listenToBox(box, shown, take) {
  box.shown = shown;
  box.addEventListener("focus", () => box.select());
  box.addEventListener("blur", () => box.value !== shown() && take());
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      if (box.value !== shown()) take();
      box.select();
    } else if (event.key === "Escape" && box.value !== shown()) {
      event.preventDefault();
      box.value = shown();
      box.dispatchEvent(new Event("restored"));
    }
  });
}
