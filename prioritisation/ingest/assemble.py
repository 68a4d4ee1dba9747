"""Recognised files to one checked release: values, areas, council, boundaries and what could not be joined."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from prioritisation.catalogue import Catalogue, Indicator
from prioritisation.ingest import recognise
from prioritisation.ingest.areas import Council, area_table, combined_attributes, note_vintages, resolve_council
from prioritisation.ingest.assets import REGISTER_SOURCE
from prioritisation.ingest.boundaries import METRIC_CRS, usable_geometry
from prioritisation.ingest.choose import (
    Choices,
    best_match,
    choose_boundaries,
    codes_in,
    column_of,
    loaded_files,
    most_precise,
)
from prioritisation.ingest.codes import among, texts
from prioritisation.ingest.earlier import earlier_ages, read_series
from prioritisation.ingest.faults import Faults, counted, listed
from prioritisation.ingest.lookups import area_attributes, read_area_lookup, read_localities, read_postcodes
from prioritisation.ingest.observations import CheckedTable, Observations, derived, read_indicators, rounded_for_display
from prioritisation.ingest.population import Population, no_residents, read_ages, read_totals, year_of
from prioritisation.ingest.recognise import Recognised
from prioritisation.ingest.registers import assets_of_files
from prioritisation.ingest.release import DEMONSTRATION, CheckedRelease, with_one_source

SOURCE_OF_KIND = {
    recognise.AGES: "population_dz2011",
    recognise.TOTALS: "population_dz2011",
    recognise.AREA_LOOKUP: "lookup_dz2011",
    recognise.LOCALITIES: "locality_lookup",
    recognise.POSTCODES: "postcode_lookup",
    recognise.AREA_BOUNDARIES: "boundaries_dz2011",
    recognise.REGISTER: REGISTER_SOURCE,
}
_AGE_GROUPS = {"share_under_16": "under_16", "share_65_plus": "from_65", "share_75_plus": "from_75"}
_DENSITY = "density"


class Assembly:
    """Reads the offers once, in the order in which they depend on one another; faults are noted, not raised."""

    def __init__(self, offers: list[Recognised], catalogue: Catalogue, faults: Faults) -> None:
        self._offers, self._catalogue, self._faults = offers, catalogue, faults
        self._choices = Choices()
        self._used: dict[str, pd.Index] = {}
        self._tables: list[tuple[Recognised, pd.Series]] = []
        self._observations = self._read_indicator_tables()
        ages = self._newest(recognise.AGES, self._codes_of_indicators)
        totals = self._newest(recognise.TOTALS, self._codes_of_indicators)
        self._ages = self._read_population(ages)
        self._earlier_ages = self._read_earlier_ages()
        self._totals = self._read_population(totals)
        self._lookup = self._read_lookup()
        self._earlier = self._read_earlier()
        note_vintages(self._used, faults)
        self.unjoined: tuple[str, ...] = ()

    def _of_kind(self, kind: str) -> list[Recognised]:
        return [each for each in self._offers if each.kind == kind]

    def _use(self, offer: Recognised, codes: Collection[str], note: str = "") -> None:
        self._used[offer.file.name] = pd.Index(codes)
        self._choices.used[offer.file.name] = note or offer.note

    # --- values -----------------------------------------------------------------------------------------------

    def _read_indicator_tables(self) -> list[Observations]:
        found: list[Observations] = []
        by_source: dict[str, list[Recognised]] = {}
        for offer in self._offers:
            if offer.source_id is not None:
                by_source.setdefault(offer.source_id, []).append(offer)
        for source_id in self._catalogue.sources:
            chosen = most_precise(by_source.get(source_id, []), self._choices, self._faults)
            if chosen is not None and chosen.table is not None:
                found += self._read_indicator_table(chosen, source_id)
        return found

    def _read_indicator_table(self, offer: Recognised, source_id: str) -> list[Observations]:
        if offer.table is None or not offer.codes:
            remedy = "Use the file as its publisher offers it, with codes such as S01012417 (Data_Zone)."
            self._faults.add(offer.file.name, "no column holds the codes of data zones.", remedy)
            return []
        column = column_of(offer, ())
        checked = CheckedTable(offer.table, column, self._faults)
        checked.note_duplicates(column)
        rounded = "rounded for display by its publisher; the workbook (XLSX) holds more digits"
        self._use(offer, checked.codes.unique(), rounded if rounded_for_display(offer.table) else "")
        self._tables.append((offer, checked.codes))
        return read_indicators(checked, source_id, self._catalogue)

    @cached_property
    def _codes_of_indicators(self) -> pd.Index:
        return pd.Index(sorted({code for codes in self._used.values() for code in codes}), dtype="str")

    def _newest(self, kind: str, known: pd.Index) -> Recognised | None:
        """Return the population file to use: most of the areas known, then newest, then most areas."""
        offers = [each for each in self._of_kind(kind) if each.table is not None]
        for offer in offers:
            if not offer.codes:
                self._faults.add(offer.file.name, "no column holds the codes of data zones.", "Use the published file.")
        usable = [each for each in offers if each.codes]

        def merit(offer: Recognised) -> tuple[int, int, int, bool]:
            codes = codes_in(offer, column_of(offer, known))
            year = year_of(offer.table) if offer.table is not None else None
            return len(codes & set(known)), year or 0, len(codes), offer.file.named

        best = max(usable, key=merit, default=None)
        for offer in usable:
            if best is not None and offer is not best:
                self._choices.unused[offer.file.name] = f"{best.file.name} is newer or covers more areas"
        return best

    def _read_population(self, offer: Recognised | None) -> Population | None:
        if offer is None or offer.table is None:
            return None
        column = column_of(offer, self._codes_of_indicators)
        read = read_ages if offer.kind == recognise.AGES else read_totals
        population = read(offer.table, column, self._faults)
        self._use(offer, population.people.index, population.period or "")
        codes = texts(offer.table.frame[column]).str.upper()
        self._tables.append((offer, codes[among(codes, population.people.index)]))
        return population

    def _read_earlier_ages(self) -> list[Population]:
        if self._ages is None:
            return []
        found = earlier_ages(self._of_kind(recognise.AGES), self._ages, self._codes_of_indicators, self._faults)
        for offer, population in found:
            if offer.file.name not in self._used:
                self._use(offer, population.people.index, f"{population.period}, to show change")
        return [population for _, population in found]

    def _read_earlier(self) -> list[Observations]:
        """Return the values of earlier periods, of the indicators that have a newest one."""
        offers = [each for each in self._of_kind(recognise.SERIES) if each.table is not None]
        tables = [(each.table, column_of(each, self._codes_of_indicators)) for each in offers if each.table is not None]
        newest = {each.indicator_id: each.period for each in self._observations}
        for offer, (table, column) in zip(offers, tables, strict=True):
            codes = texts(table.frame[column]).str.upper()
            self._use(offer, codes[among(codes, self.codes)].unique(), "to show change; ranks use the newest period")
        return read_series(tables, self._catalogue, newest, self._faults)

    # --- areas ------------------------------------------------------------------------------------------------

    def _read_lookup(self) -> pd.DataFrame | None:
        valued = self.valued_codes
        chosen = best_match(self._of_kind(recognise.AREA_LOOKUP), valued, valued, self._choices, self._faults)
        if chosen is None or chosen[0].table is None:
            return None
        offer, column = chosen
        lookup = read_area_lookup(offer.table, column, self._faults)  # type: ignore[arg-type]
        self._use(offer, lookup.index)
        return lookup

    @cached_property
    def valued_codes(self) -> pd.Index:
        """The areas for which some file has a value."""
        populated = [each.people.index for each in (self._ages, self._totals) if each is not None]
        return pd.Index(sorted(set(self._codes_of_indicators).union(*populated)), dtype="str", name="area_code")

    @cached_property
    def codes(self) -> pd.Index:
        """All areas: those with a value, and those of the lookup."""
        if self._lookup is None or not len(self.valued_codes):
            return self.valued_codes
        return pd.Index(sorted(set(self.valued_codes) | set(self._lookup.index)), dtype="str", name="area_code")

    def _attributes(self) -> pd.DataFrame:
        sources = [self._lookup] if self._lookup is not None else []
        for offer in self._of_kind(recognise.AREA_BOUNDARIES):
            if offer.layer is not None:
                table = offer.layer.table
                codes = texts(table.frame[column_of(offer, self.codes)]).str.upper()
                sources.append(area_attributes(table, codes[among(codes, self.codes)]))
        sources += [area_attributes(offer.table, codes) for offer, codes in self._tables if offer.table is not None]
        return combined_attributes(self.codes, sources)

    def release(self, wanted_council: str) -> CheckedRelease:
        """Return the release for a council; faults in localities, postcodes and boundaries are noted as well."""
        attributes = self._attributes()
        council = resolve_council(wanted_council, attributes)
        attributes = self._with_localities(attributes, council)
        postcodes = self._postcodes(council)
        registers = self._of_kind(recognise.REGISTER)
        assets = assets_of_files(registers, postcodes, council.name, self._source_of, self._choices, self._faults)
        shapes, unmatched = self._boundaries(council)
        # Areas of other councils without any value serve nobody: they stay out.
        index = attributes.index
        kept = index[among(index, self.valued_codes) | among(index, council.members)]
        areas = area_table(attributes.loc[kept], council, self._vintage(), self._people())
        areas["has_boundary"] = among(areas.index, shapes.index)
        found = [*self._observations, *self._derived(shapes), *self._earlier]
        observations = [each.of(kept, council.members) for each in found]
        self.unjoined = self._sentences(council, shapes, unmatched)
        return CheckedRelease(
            council=council,
            areas=areas,
            indicators=self._indicators(observations, kept),
            observations=tuple(observations),
            boundaries=shapes[among(shapes.index, council.members)],
            postcodes=postcodes,
            files=loaded_files(self._offers, self._choices, self._source_of),
            catalogue=self._catalogue,
            residents=self._residents(areas),
            assets=assets,
        )

    def _residents(self, areas: pd.DataFrame) -> pd.DataFrame:
        """Return residents by year of age, of one council only: contacts are counted for one council at a time."""
        members = areas[areas["in_council"]]
        if self._ages is None or len(members["council_code"].dropna().unique()) > 1:
            return no_residents()
        return self._ages.residents(members.index)

    def _vintage(self) -> int:
        return note_vintages({"": self.valued_codes}, Faults())

    def _with_localities(self, attributes: pd.DataFrame, council: Council) -> pd.DataFrame:
        offers = self._of_kind(recognise.LOCALITIES)
        chosen = best_match(offers, self.codes, council.members, self._choices, self._faults)
        if chosen is None or chosen[0].table is None:
            return attributes
        offer, column = chosen
        localities = read_localities(offer.table, column, self._faults)  # type: ignore[arg-type]
        self._use(offer, localities.index)
        return combined_attributes(self.codes, [localities, attributes])

    def _postcodes(self, council: Council) -> pd.DataFrame:
        offers = self._of_kind(recognise.POSTCODES)
        chosen = best_match(offers, self.codes, council.members, self._choices, self._faults)
        if chosen is None or chosen[0].table is None:
            return pd.DataFrame({"postcode": [], "area_code": []}, dtype="str")
        offer, column = chosen
        postcodes = read_postcodes(offer.table, column, self._faults)  # type: ignore[arg-type]
        self._use(offer, postcodes["area_code"].unique())
        return postcodes[among(postcodes["area_code"], council.members)]

    # --- boundaries -------------------------------------------------------------------------------------------

    def _boundaries(self, council: Council) -> tuple[gpd.GeoSeries, pd.Index]:
        """Return polygons in metres by area code, of every known area, and codes that no other file has."""
        for offer in self._of_kind(recognise.FOREIGN_BOUNDARIES):
            if offer.file.named:
                remedy = "Use the boundaries of Scotland's data zones."
                self._faults.add(offer.file.name, f"{offer.kind}: {offer.note}.", remedy)
        nothing = gpd.GeoSeries([], index=pd.Index([], dtype="str"), crs=METRIC_CRS)
        chosen = choose_boundaries(self._offers, council.members, council.name, self._choices, self._faults)
        if chosen is None:
            self._note_named_without_codes()
            return nothing, nothing.index
        offer, candidate = chosen
        shapes = usable_geometry(candidate, self._faults)
        self._use(offer, shapes.index, f"read from {candidate.layer.frame.crs.name}" if len(shapes) else "")
        return shapes[among(shapes.index, self.codes)], shapes.index.difference(self.codes)

    def _note_named_without_codes(self) -> None:
        for offer in self._of_kind(recognise.OTHER_BOUNDARIES):
            if offer.file.named and not self._of_kind(recognise.AREA_BOUNDARIES):
                self._faults.add(offer.file.name, f"{offer.note}.", "Use the boundaries of Scotland's data zones.")

    # --- derived ----------------------------------------------------------------------------------------------

    def _people(self) -> pd.Series:
        """Return people by area code: the newest estimate there is, SIMD's own column as the last resort."""
        estimates = [each for each in (self._totals, self._ages) if each is not None]
        estimates.sort(key=lambda each: each.year or 0, reverse=True)
        people = pd.Series(np.nan, index=self.codes)
        for estimate in estimates:
            people = people.fillna(estimate.people["total"].reindex(self.codes))
        for offer, _ in self._tables:
            key = recognise.total_key(offer.table) if offer.table is not None and offer.source_id else None
            if key is not None and offer.table is not None:
                checked = CheckedTable(offer.table, column_of(offer, ()), Faults())
                given = pd.Series(checked.cells(key).value, index=checked.index)
                people = people.fillna(given[~given.index.duplicated()].reindex(self.codes))
        return people

    def _derived(self, shapes: gpd.GeoSeries) -> list[Observations]:
        every = [*([self._ages] if self._ages is not None else []), *self._earlier_ages]
        return [one for population in every for one in self._derived_from(population, shapes)]

    def _derived_from(self, population: Population, shapes: gpd.GeoSeries) -> list[Observations]:
        people, made = population.people, []
        for indicator in self._catalogue.indicators.values():
            period = population.period or indicator.period
            if indicator.id in _AGE_GROUPS and not indicator.column:
                group = people[_AGE_GROUPS[indicator.id]].to_numpy(dtype=float)
                total = people["total"].to_numpy(dtype=float)
                made.append(derived(indicator, period, people.index, group, total))
            elif indicator.id == _DENSITY and len(shapes):
                total = people["total"].reindex(shapes.index).to_numpy(dtype=float)
                made.append(derived(indicator, period, shapes.index, total, shapes.area.to_numpy() / 1e6))
        return made

    # --- what is said about it --------------------------------------------------------------------------------

    def _indicators(self, observations: list[Observations], codes: pd.Index) -> tuple[Indicator, ...]:
        used = [self._catalogue.indicators[name] for name in dict.fromkeys(each.indicator_id for each in observations)]
        return with_one_source(used, DEMONSTRATION) if _invented(codes) else tuple(used)

    def _source_of(self, offer: Recognised) -> str | None:
        source = offer.source_id or SOURCE_OF_KIND.get(offer.kind)
        if source is not None and _invented(self.codes):
            source = DEMONSTRATION
        return source if source in self._catalogue.sources else None

    def _sentences(self, council: Council, shapes: gpd.GeoSeries, unmatched: pd.Index) -> tuple[str, ...]:
        """Say what could not be joined, both ways."""
        members, made = council.members, []
        absent = members.difference(shapes.index)
        if len(absent):
            made.append(f"{counted(len(absent), 'area has', 'areas have')} no boundary: {listed(absent)}.")
        if len(unmatched):
            count = counted(len(unmatched), "boundary belongs", "boundaries belong")
            made.append(f"{count} to no area that has values: {listed(unmatched)}.")
        for name, codes in self._used.items():
            lacking, foreign = members.difference(codes), codes.difference(self.codes)
            if len(lacking):
                count = counted(len(lacking), "area", "areas")
                made.append(f"{name} lacks {count} of {council.name}: {listed(lacking)}.")
            if len(foreign) and not foreign.equals(unmatched):
                count = counted(len(foreign), "area", "areas")
                made.append(f"{name} has {count} that no other file has: {listed(foreign)}.")
        return tuple(made)


def _invented(codes: pd.Index) -> bool:
    return bool(len(codes)) and bool(codes.str.startswith("DEMO").all())
