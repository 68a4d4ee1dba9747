// Travels with every result, so it stays short: the engine (weigh.js) comes once, with the geometry.
export default function (mount) {
  const { data, parentElement } = mount;
  const page = (window.__prioritisation ??= { geometry: new Map(), tables: new Map(), mounts: new Map() });
  if (data.kind === "table") {
    page.tables.set(data.table, data);
    const container = parentElement.host?.closest(".stElementContainer");
    if (container) container.style.display = "none";
    if (page.show) page.mounts.forEach((_, parent) => page.show(parent));
    return undefined;
  }
  page.mounts.set(parentElement, mount);
  page.show?.(parentElement);
  // Streamlit may clean up a call that a newer one has overtaken: only the newest may forget the mount.
  return () => page.mounts.get(parentElement) === mount && page.mounts.delete(parentElement);
}
