// The arithmetic of weighing, the same as prioritisation/scoring.py to the last bit: sums run in the order of the
// priorities, one multiply and one add at a time; two sums tie when floor(sum * 1e9 + 0.5) is equal.

const PARTS_PER_PERCENT = 10000; // as in prioritisation/weights.py
const PARTS = 100 * PARTS_PER_PERCENT;

/** Weights as per cents in steps of 0.0001 that add up to 100; what rounding leaves over goes to the largest. */
function canonicalPercentages(weights) {
  let total = 0;
  for (const weight of weights) total += weight;
  const parts = Array.from(weights, (weight) => Math.round((PARTS * weight) / total));
  parts[parts.indexOf(Math.max(...parts))] += PARTS - parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / PARTS_PER_PERCENT);
}

/** Per cents to shares of 1 by one division each, as Python does it. */
function sharesOf(percentages) {
  let total = 0;
  for (const percent of percentages) total += percent;
  return percentages.map((percent) => percent / total);
}

/** Columns as the loops want them: flat, row by row, NaN where an area has no score on a priority. */
function columns(rows, width) {
  const flat = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    for (let k = 0; k < width; k++) flat[i * width + k] = row[k] ?? NaN;
  });
  return flat;
}

/** Weighted sums into `out`, NaN where a term is lacking; `terms` are scores, or their logarithms (geometric). */
function weightedSums(terms, shares, out) {
  const width = shares.length;
  for (let i = 0, at = 0; i < out.length; i++, at += width) {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      if (shares[k] > 0) sum += shares[k] * terms[at + k];
    }
    out[i] = sum;
  }
  return out;
}

/** Ranks into `ranks` (1 = greatest need, ties share the smallest, 0 = not scored); `order` is sorted along. */
function rankInto(sums, keys, order, ranks) {
  for (let i = 0; i < sums.length; i++) {
    keys[i] = sums[i] === sums[i] ? Math.floor(sums[i] * 1e9 + 0.5) : -Infinity;
  }
  order.sort((a, b) => (keys[a] === keys[b] ? a - b : keys[a] < keys[b] ? 1 : -1));
  let scored = 0;
  for (let place = 0; place < order.length; place++) {
    const area = order[place];
    if (keys[area] === -Infinity) {
      ranks[area] = 0;
      continue;
    }
    scored += 1;
    const above = place > 0 ? order[place - 1] : -1;
    ranks[area] = above >= 0 && keys[above] === keys[area] ? ranks[above] : place + 1;
  }
  return scored;
}

/** Ranks of plain rows of scores (null = none) under per cents, for tests: window.__prioritisation.rank. */
function rank(rows, percentages, aggregate, logs) {
  const geometric = aggregate === "geometric";
  const rooted = (row) => row.map((x) => (x === null ? null : Math.log(Math.max(x, 1))));
  const terms = columns(geometric ? (logs ?? rows.map(rooted)) : rows, percentages.length);
  const sums = weightedSums(terms, sharesOf(percentages), new Float64Array(rows.length));
  const ranks = new Uint32Array(rows.length);
  rankInto(sums, new Float64Array(rows.length), Uint32Array.from(rows.keys()), ranks);
  return Array.from(ranks);
}

/** FNV-1a over the ranks as text: one short word by which a test compares all ranks at once. */
function checksum(ranks) {
  let hash = 0x811c9dc5;
  for (const character of Array.from(ranks).join(",")) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

/** What each priority adds to an area's score; the parts sum to the score. Geometric: shares of the logarithm. */
function contributions(table, weights, area, score, out) {
  const width = weights.length;
  let logarithms = 0;
  for (let k = 0; k < width; k++) {
    const term = weights[k] > 0 ? weights[k] * table.terms[area * width + k] : 0;
    out[k] = term;
    logarithms += term;
  }
  if (!table.geometric) return out;
  for (let k = 0; k < width; k++) out[k] = logarithms > 0 ? (score * out[k]) / logarithms : score * weights[k];
  return out;
}

/** The class of a score among frozen breaks: 0 = least need; -1 = not scored. Few breaks leave out the low classes. */
function classOf(score, breaks) {
  if (score !== score) return -1;
  let above = 0;
  while (above < breaks.length && score >= breaks[above]) above += 1;
  return CLASS_COUNT - 1 - breaks.length + above;
}
