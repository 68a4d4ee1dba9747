// Views, tables and geometry come to a page in any order: whatever arrives shows what can be shown.

/** What all mounts on one page share (weigh_mount.js makes it); here the engine joins it. */
function shared() {
  return (window.__prioritisation ??= { geometry: new Map(), tables: new Map(), mounts: new Map() });
}

const views = new WeakMap();

/** Show one mount, if its table has come; called again by whatever arrives later. */
function show(parent) {
  const mount = shared().mounts.get(parent);
  const { table } = mount.data;
  let view = views.get(parent);
  if (!view || view.tableName !== table) {
    const sent = shared().tables.get(table);
    if (!sent) return;
    parent.querySelector(".weigh")?.remove();
    view = new Weighing(parent, tableOf(sent));
    view.tableName = table;
    views.set(parent, view);
  }
  view.take(mount);
}

/** Undo, redo and Escape also when nothing has the focus. */
function keyOutside(event) {
  if (event.target !== document.body) return;
  for (const parent of shared().mounts.keys()) views.get(parent)?.key(event);
}

/** The mount that carries the geometry carries this module and the styles too: all three reach a page once. */
export default function engine({ data, parentElement }) {
  const page = shared();
  Object.assign(page, { css: data.css, show, rank, checksum });
  const { geometry, drawing } = data;
  // The same drawing stays the same object, so that no map is built twice; hexagons may follow later.
  if (page.geometry.get(geometry.hash)?.drawing !== drawing) {
    page.geometry.set(geometry.hash, { ...geometry, hexes: data.hexes, drawing });
  }
  if (page.keys) document.removeEventListener("keydown", page.keys);
  document.addEventListener("keydown", (page.keys = keyOutside));
  const container = parentElement.host?.closest(".stElementContainer");
  if (container) container.style.display = "none";
  page.mounts.forEach((mount, parent) => show(parent));
}
