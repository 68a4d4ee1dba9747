"""The best connected set that holds one given area, as a linear programme, tightened until it says what it can.

An area i belongs only if every set of areas that parts it from the root holds one: x_i <= sum of x over the
separator. Violated separators are found by maximum flow. The rest is left to integer programming, where a flow from
the root that every member takes one unit of keeps the set connected.
Sources: B. Dilkina and C. Gomes, Solving connected subgraph problems in wildlife conservation, CPAIOR 2010;
M. Fischetti et al., Thinning out Steiner trees, Math. Prog. Comp. 9 (2017).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import highspy
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from prioritisation.patch.problem import SAME_GAIN, Floats, Problem

ROUNDS = 30  # of separation; later ones add little
VIOLATED_BY = 0.05
UNITS = 1_000_000  # flows are whole numbers
TINY = 1e-6
Told = Callable[[float], bool]  # takes a bound, returns whether to stop


class RootedProgramme:
    """All patches that hold `root` and otherwise only areas of `within`; positions below are into `within`."""

    def __init__(self, problem: Problem, root: int, within: Iterable[int], must: Sequence[int]) -> None:
        self.areas = sorted(within)
        place = {area: number for number, area in enumerate(self.areas)}
        self.n, self.root = len(self.areas), place[root]
        self.beside = [[place[other] for other in problem.neighbours[area] if other in place] for area in self.areas]
        self.gain = problem.gain[self.areas]
        self.solver = _quiet_solver()
        fixed = {place[area] for area in (root, *must)}
        for number in range(self.n):
            self.solver.addVar(1.0 if number in fixed else 0.0, 1.0)
        self.solver.changeColsCost(self.n, np.arange(self.n, dtype=np.int32), self.gain)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        everyone = list(range(self.n))
        self._row(everyone, problem.people[self.areas].astype(float), problem.low, problem.high)
        self._cuts: set[tuple[int, frozenset[int]]] = set()
        for number in everyone:
            self._separator(number, frozenset({number}))
        self._most = int(np.searchsorted(np.cumsum(np.sort(problem.people[self.areas])), problem.high, side="right"))

    def bound(self, beat: float) -> float:
        """Return a number that no patch here exceeds, -inf where there is none; once below `beat`, no further."""
        value = np.inf
        for _ in range(ROUNDS):
            self.solver.run()
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return -np.inf if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible else value
            value = self.solver.getObjectiveValue()
            if value <= beat or not self._separate(np.array(self.solver.getSolution().col_value)):
                break
        return value

    def best(self, beat: float, told: Told) -> tuple[tuple[int, ...] | None, float]:
        """Return the best patch that beats a gain, None where none does, and the bound reached; use it once.

        told: called with each better bound; says whether to stop.
        """
        self._add_flow()
        if np.isfinite(beat):
            self._row(list(range(self.n)), self.gain, beat + max(TINY, SAME_GAIN * abs(beat)), highspy.kHighsInf)
        columns = np.arange(self.n, dtype=np.int32)
        self.solver.changeColsIntegrality(self.n, columns, np.array([highspy.HighsVarType.kInteger] * self.n))
        self.solver.cbMipInterrupt += lambda event: _listen(event, told)
        self.solver.run()
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None, beat
        bound = float(self.solver.getInfo().mip_dual_bound)
        if self.solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, bound
        chosen = np.array(self.solver.getSolution().col_value)[: self.n] > 0.5
        return tuple(np.array(self.areas)[chosen].tolist()), bound

    def _row(self, columns: Sequence[int], values: Floats, low: float, high: float) -> None:
        self.solver.addRow(low, high, len(columns), np.array(columns, dtype=np.int32), np.asarray(values, dtype=float))

    def _separator(self, area: int, side: frozenset[int]) -> bool:
        """Add that an area needs one of the neighbours of the side it is on; return whether that is new."""
        around = {other for each in side for other in self.beside[each]} - side
        if self.root in side or self.root in around or (area, side) in self._cuts:
            return False
        self._cuts.add((area, side))
        self._row([area, *around], np.array([1.0] + [-1.0] * len(around)), -highspy.kHighsInf, 0.0)
        return True

    def _separate(self, chosen: Floats) -> int:
        """Add the separators that a point violates; return how many."""
        network = self._network(chosen)
        added = 0
        for area in np.argsort(-chosen):
            if chosen[area] < VIOLATED_BY:
                break
            if area == self.root or int(area) in self.beside[self.root]:
                continue
            flow = maximum_flow(network, self.n + self.root, int(area))
            if flow.flow_value < (chosen[area] - VIOLATED_BY) * UNITS:
                left = network - flow.flow
                left.data = (left.data > 0).astype(np.int32)
                left.eliminate_zeros()
                side = breadth_first_order(left.T.tocsr(), int(area), return_predecessors=False)
                added += self._separator(int(area), frozenset(side[side < self.n].tolist()))
        return added

    def _network(self, chosen: Floats) -> csr_array:
        """Return capacities: through each area (from k to n + k) as much as is chosen, between areas no limit."""
        through = np.rint(chosen * UNITS).astype(np.int32) + 1
        ends = [(self.n + here, other) for here, others in enumerate(self.beside) for other in others]
        tails = np.concatenate([np.arange(self.n), [tail for tail, _ in ends]])
        heads = np.concatenate([np.arange(self.n, 2 * self.n), [head for _, head in ends]])
        capacity = np.concatenate([through, np.full(len(ends), 2 * UNITS, dtype=np.int32)])
        return csr_array((capacity.astype(np.int32), (tails, heads)), shape=(2 * self.n, 2 * self.n))

    def _add_flow(self) -> None:
        """Keep whole-number points connected: every member takes one unit of a flow that starts at the root."""
        arcs = [(tail, head) for tail in range(self.n) for head in self.beside[tail] if head != self.root]
        column = {arc: self.n + number for number, arc in enumerate(arcs)}
        for _ in arcs:
            self.solver.addVar(0.0, highspy.kHighsInf)
        for area in range(self.n):
            if area == self.root:
                continue
            into = [column[other, area] for other in self.beside[area]]
            out = [column[area, other] for other in self.beside[area] if other != self.root]
            taken = [1.0] * len(into) + [-1.0] * len(out) + [-1.0]
            self._row([*into, *out, area], np.array(taken), 0.0, 0.0)
            self._row([*into, area], np.array([1.0] * len(into) + [1.0 - self._most]), -highspy.kHighsInf, 0.0)


def _quiet_solver() -> highspy.Highs:
    solver = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, "mip_rel_gap": SAME_GAIN / 10, "mip_abs_gap": 0.0}.items():
        solver.setOptionValue(name, value)
    return solver


def _listen(event: highspy.HighsCallbackEvent, told: Told) -> None:
    event.interrupt(told(float(event.data_out.mip_dual_bound)))
