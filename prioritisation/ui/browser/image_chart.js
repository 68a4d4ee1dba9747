// The image control of a chart elsewhere on the page, which the key of its element names.
const controls = new WeakMap();

function chartOn(data) {
  const chart = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
  const layers = chart ? [...chart.querySelectorAll(".main-svg")].filter((layer) => layer.getBoundingClientRect().width > 0) : [];
  return layers.length ? { about: data.about, parts: [chartPart(layers, data.dark)] } : undefined;
}

export default function ({ data, parentElement }) {
  let control = controls.get(parentElement);
  if (!control) {
    control = new ImageControl(parentElement, "this chart", () => chartOn(control.data));
    controls.set(parentElement, control);
  }
  control.data = data;
}
