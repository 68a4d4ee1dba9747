// The map or maps on screen as a picture, with the weights, the shortlist and the classes that they were drawn with.

/** view: a Weighing. Nothing while Python's answer to the last move is still to come: its ids belong to that answer. */
function weighImage(view) {
  const { state, table, received, map } = view;
  const drawings = map.drawings.filter((drawing) => drawing.svg && map.seen(drawing)).map(({ svg }) => svg);
  if (!state.fresh || !received.about || !drawings.length) return undefined;
  const about = { ...received.about, title: view.summary(), chosen: [...received.about.chosen, ...imageChoices(state, table)] };
  about.legend = { least: "least need", greatest: "greatest need", entries: imageKeys(state, table) };
  return { about, parts: inLight(view, () => mapParts(drawings)) };
}

/** Pictures are for paper: a dark view is light for as long as it is copied, which nobody sees. */
function inLight(view, copy) {
  const { root, map, state, theme } = view;
  const colours = { "--ink": PAPER.ink, "--ground": PAPER.ground };
  for (const [name, colour] of Object.entries(colours)) root.style.setProperty(name, colour);
  root.dataset.theme = "light";
  map.draw(state, "light");
  const copied = copy();
  for (const name of Object.keys(colours)) root.style.removeProperty(name);
  root.dataset.theme = theme;
  map.draw(state, theme);
  return copied;
}

function imageChoices(state, table) {
  const shown = state.weights.percentages;
  const weights = table.priorities.map(({ name }, k) => `${name} ${spelledPercent(shown[k])}%`);
  const held = state.people ? `, home to ${counted(state.people, "person", "people")}` : "";
  return [
    `Weights: ${weights.join(" · ")}`,
    `Shortlist: ${counted(state.shortlist.length, "area", "areas")}${held}`,
    ...(state.locality ? [`Zoomed to ${state.locality}; areas outside it are paler`] : []),
    ...(state.selected >= 0 ? [`Marked: ${table.areas[state.selected].name}, ${standing(state, state.selected)}`] : []),
  ];
}

function imageKeys(state, table) {
  const edges = [0, ...state.breaks, 100].map((edge) => edge.toFixed(edge % 1 ? 1 : 0));
  const first = CLASS_COUNT - (edges.length - 1);
  const classes = edges.slice(1).map((high, i) => ({
    kind: "class", words: `${edges[i]}\u2013${high}`, fill: RAMPS.light[first + i], digit: String(first + i + 1), ink: INKS.light[first + i],
  }));
  const unscored = table.count - state.scored;
  return [
    ...classes, { kind: "outline", words: "shortlist" },
    ...(unscored ? [{ kind: "suppressed", words: `not scored (${unscored})` }] : []),
  ];
}
