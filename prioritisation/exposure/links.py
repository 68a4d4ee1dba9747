"""How the unknowns of a cube are tied to each other: rows of one sparse matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from prioritisation.exposure.measures import Measure
from prioritisation.exposure.places import Labels, join, pieces
from prioritisation.exposure.relations import Relation, Term
from prioritisation.exposure.tables import Layer, Table

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class _Rows:
    """Collects rows of a sparse matrix with their limits."""

    def __init__(self) -> None:
        self.rows: list[Whole] = []
        self.columns: list[Whole] = []
        self.values: list[Floats] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.count = 0
        self._joined: dict[frozenset[int], Labels] = {}

    def join(self, partitions: list[Labels]) -> Labels:
        """Return `places.join` of partitions that outlive this, which few sets of are many times."""
        key = frozenset(map(id, partitions))
        if key not in self._joined:
            self._joined[key] = join(partitions)
        return self._joined[key]

    def add(self, entries: Iterable[tuple[Whole, Whole, float]], count: int, low: float, high: float) -> None:
        """Add `count` rows; entries: (row numbers from 0, columns, coefficient)."""
        for rows, columns, value in entries:
            self.rows.append(rows + self.count)
            self.columns.append(columns)
            self.values.append(np.full(len(columns), value))
        self.low.append(np.full(count, low))
        self.high.append(np.full(count, high))
        self.count += count

    def matrix(self, unknowns: int) -> sparse.csr_array:
        if not self.count:
            return sparse.csr_array((0, unknowns))
        at = (np.concatenate(self.rows), np.concatenate(self.columns))
        return sparse.csr_array(sparse.coo_array((np.concatenate(self.values), at), shape=(self.count, unknowns)))

    def limits(self) -> tuple[Floats, Floats]:
        empty = np.zeros(0)
        return np.concatenate([empty, *self.low]), np.concatenate([empty, *self.high])


def make_links(
    tables: Mapping[Measure, Table], found: Iterable[Relation], unknowns: int
) -> tuple[sparse.csr_array, Floats, Floats]:
    """Return (matrix, low, high) of the rows that tie unknowns to each other: totals, and relations of measures."""
    rows = _Rows()
    for table in tables.values():
        if table.total is not None:
            _tie_totals(rows, table.detail, table.total)
        if table.whole is not None:
            _tie_totals(rows, table.whole, table.finest)
    for relation in found:
        if all(term.measure in tables for term in relation.terms):
            _tie_measures(rows, relation, [tables[term.measure] for term in relation.terms])
    return rows.matrix(unknowns), *rows.limits()


def _tie_totals(rows: _Rows, coarse: Layer, fine: Layer) -> None:
    """Add the rows that say that what lies in one piece of the coarser partition adds up to the same in both layers."""
    entries = []
    for layer, sign in ((coarse, 1.0), (fine, -1.0)):
        piece = np.zeros(pieces(layer.partition), dtype=np.int64)
        piece[layer.partition] = coarse.partition
        numbers = np.broadcast_to(piece[:, None, None], layer.columns.shape)
        entries.append((numbers.reshape(-1), layer.columns.reshape(-1), sign))
    rows.add(entries, pieces(coarse.partition), 0.0, 0.0)


def _tie_measures(rows: _Rows, relation: Relation, tables: list[Table]) -> None:
    """Add a relation's rows where all its measures can be compared: broken down, and by total where that is finer."""
    if any(_unfit(term, table) for term, table in zip(relation.terms, tables, strict=True)):
        return
    details = [table.detail for table in tables]
    restricted = any(term.ages or term.sexes for term in relation.terms)
    tied = rows.join([layer.partition for layer in details])
    ages, sexes = (
        not restricted and all(getattr(layer, name) != (None,) for layer in details) for name in ("ages", "sexes")
    )
    finer = rows.join([table.finest.partition for table in tables])
    if restricted or ages or sexes:
        _tie_layers(rows, relation, details, tied, (ages, sexes))
    if not restricted and (pieces(finer) > pieces(tied) or not (ages or sexes)):
        layers = [table.single if pieces(finer) == 1 else table.finest for table in tables]
        _tie_layers(rows, relation, layers, finer, (False, False))


def _unfit(term: Term, table: Table) -> bool:
    """Whether a term is limited to some ages or sexes that its table does not tell apart."""
    lacking = (term.ages and table.detail.ages == (None,)) or (term.sexes and table.detail.sexes == (None,))
    return bool(lacking)


def _tie_layers(rows: _Rows, relation: Relation, layers: list[Layer], tied: Labels, kept: tuple[bool, ...]) -> None:
    ages = len(layers[0].ages) if kept[0] else 1
    sexes = len(layers[0].sexes) if kept[1] else 1
    entries = []
    for term, layer in zip(relation.terms, layers, strict=True):
        piece = np.zeros(pieces(layer.partition), dtype=np.int64)
        piece[layer.partition] = tied
        at = np.indices(layer.columns.shape)
        number = (piece[at[0]] * ages + (at[1] if kept[0] else 0)) * sexes + (at[2] if kept[1] else 0)
        counted = np.ones(layer.columns.shape, dtype=bool)
        if term.ages:
            counted &= np.array([age in term.ages for age in layer.ages])[None, :, None]
        if term.sexes:
            counted &= np.array([sex in term.sexes for sex in layer.sexes])[None, None, :]
        entries.append((number[counted], layer.columns[counted], term.coefficient))
    rows.add(entries, pieces(tied) * ages * sexes, relation.low, relation.high)
