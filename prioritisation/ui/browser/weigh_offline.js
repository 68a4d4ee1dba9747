// Starts the view in a file that has no server behind it: what Python said at the time stands in the file.
const kept = JSON.parse(document.getElementById("kept").textContent);
const main = document.querySelector("main");
const page = shared();
Object.assign(page, { css: "", rank, checksum, show });
page.geometry.set(kept.geometry.hash, { ...kept.geometry, hexes: kept.hexes });
page.tables.set(kept.table.table, kept.table);
page.mounts.set(main, { data: { ...kept.result, alone: true }, parentElement: main, setStateValue: () => {}, setTriggerValue: () => {} });
document.addEventListener("keydown", keyOutside);
show(main);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(main));
