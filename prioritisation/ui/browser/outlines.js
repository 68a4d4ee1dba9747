// Keeps one set of outlines for the maps on this page; it travels once.
export default function ({ data, parentElement }) {
  (window.__prioritisationOutlines ??= new Map()).set(data.hash, data);
  const container = parentElement.host?.closest(".stElementContainer");
  if (container) container.style.display = "none";
  dispatchEvent(new Event("prioritisation-outlines"));
}
