"""Boundary files: read, the right one chosen by matching codes, made valid, in metres on the National Grid."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import ProjError

from prioritisation.ingest import containers
from prioritisation.ingest.codes import area_rows, best_column, note_duplicates
from prioritisation.ingest.faults import Faults, listed
from prioritisation.ingest.tables import RawTable, Unreadable, header_key

METRIC_CRS = CRS.from_epsg(27700)
# A generous box around Scotland on the National Grid, in metres: St Kilda to Shetland.
SCOTLAND = (-20_000.0, 510_000.0, 500_000.0, 1_240_000.0)
_LONGITUDE_LATITUDE = (-180.5, -90.5, 180.5, 90.5)
_DOWNLOAD_AGAIN = "Download it again from its publisher."
_READ_FAULTS = (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
    pa.ArrowException,
    shapely.errors.ShapelyError,
    OSError,
    ValueError,
    KeyError,
    UnboundLocalError,  # pyogrio 0.13 on a .prj that means nothing
)


@dataclass(frozen=True)
class Layer:
    """One set of boundaries as published. frame: attributes under their keys, and geometry; row = 1, 2, ..."""

    name: str
    frame: gpd.GeoDataFrame

    @property
    def attributes(self) -> pd.DataFrame:
        return pd.DataFrame(self.frame.drop(columns="geometry"))

    @property
    def table(self) -> RawTable:
        """The attributes as a table, for what is common to all tables."""
        keys = {key: key for key in self.attributes.columns}
        return RawTable(self.name, "", self.attributes, keys, (), "")


def is_geographic(path: Path, kind: str) -> bool:
    """Say whether a file of this container kind holds boundaries rather than a table."""
    if kind == containers.PARQUET:
        try:
            return b"geo" in (pq.read_schema(path).metadata or {})
        except (pa.ArrowException, OSError) as fault:
            raise Unreadable("the Parquet file is damaged or cut short.", _DOWNLOAD_AGAIN) from fault
    if kind == containers.JSON:
        with path.open("rb") as file:
            return b'"Feature' in file.read(64 * 1024)
    return kind in (containers.GEOPACKAGE, containers.SHAPEFILE, containers.ZIPPED_SHAPEFILE)


def read_layers(path: Path, name: str, kind: str) -> list[Layer]:
    """Read every layer with a geometry. Unreadable: damaged, locked, or without one."""
    try:
        with _readable(path, kind) as readable:
            frames = [frame for each in readable for frame in _read(each, kind)]
    except containers.UnsafeZip as fault:
        raise Unreadable(str(fault), _DOWNLOAD_AGAIN) from fault
    except _READ_FAULTS as fault:
        raise Unreadable(f"the {kind} is damaged or cut short.", _DOWNLOAD_AGAIN) from fault
    frames = [frame for frame in frames if isinstance(frame, gpd.GeoDataFrame) and len(frame)]
    if not frames:
        raise Unreadable(f"the {kind} holds no boundaries.", _DOWNLOAD_AGAIN)
    return [_keyed(name, frame) for frame in frames]


@contextmanager
def _readable(path: Path, kind: str) -> Iterator[list[Path]]:
    if kind == containers.ZIPPED_SHAPEFILE:
        with containers.unpacked_shapefiles(path) as shapefiles:
            for each in shapefiles:
                _check_parts(each)
            yield shapefiles
    else:
        if kind == containers.SHAPEFILE:
            _check_parts(path)
        yield [path]


def _check_parts(shapefile: Path) -> None:
    beside = {each.suffix.lower() for each in shapefile.parent.glob(f"{shapefile.stem}.*")}
    absent = [suffix for suffix in (".shx", ".dbf") if suffix not in beside]
    if absent:
        remedy = "A shapefile is several files of one name; keep .shp, .shx, .dbf and .prj together."
        raise Unreadable(f"the shapefile came without its {' and '.join(absent)} file.", remedy)


def _read(path: Path, kind: str) -> list[gpd.GeoDataFrame]:
    if kind == containers.PARQUET:
        pq.read_table(path).validate(full=True)
        return [gpd.read_parquet(path)]
    layers = [name for name, geometry in pyogrio.list_layers(path) if geometry is not None]
    return [pyogrio.read_dataframe(path, layer=layer) for layer in layers]


def _keyed(name: str, frame: gpd.GeoDataFrame) -> Layer:
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    keys = [header_key(column) for column in attributes.columns]
    wanted = [place for place, key in enumerate(keys) if key and key != "geometry" and keys.index(key) == place]
    attributes = attributes.iloc[:, wanted].set_axis([keys[place] for place in wanted], axis=1)
    keyed = gpd.GeoDataFrame(attributes, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    return Layer(name, keyed.set_index(pd.RangeIndex(1, len(keyed) + 1)))


@dataclass(frozen=True)
class Candidate:
    """Boundaries of areas that could be used. codes: area code by row; matched: wanted areas that it has."""

    layer: Layer
    column: str
    codes: pd.Series
    matched: int

    @property
    def detail(self) -> int:
        """Coordinates per matched area tell the detail; whole count breaks ties between files of one detail."""
        return int(shapely.get_num_coordinates(self.layer.frame.geometry.loc[self.wanted_rows].to_numpy()).sum())

    @property
    def wanted_rows(self) -> pd.Index:
        return self.codes.index


def candidate(layer: Layer, columns: Collection[str], wanted: Collection[str]) -> Candidate:
    """Pick the column that matches most wanted codes. Faults of its rows are noted only if it is used."""
    column = best_column(layer.attributes, columns, wanted)
    codes = area_rows(layer.table, column, Faults())
    inside = codes[codes.isin(set(wanted))]
    return Candidate(layer, column, inside if len(inside) else codes, inside.nunique())


def usable_geometry(chosen: Candidate, faults: Faults) -> gpd.GeoSeries:
    """Return valid polygons in metres by area code, for all areas of the layer; note what makes it unusable."""
    layer, before = chosen.layer, len(faults)
    codes = area_rows(layer.table, chosen.column, faults)
    note_duplicates(layer.table, codes, chosen.column, faults)
    shapes = layer.frame.geometry.loc[codes.index]
    _note_crs(layer, faults)
    _note_absent(layer, chosen.column, shapes, codes, faults)
    if len(faults) > before:
        return gpd.GeoSeries([], index=pd.Index([], dtype="str"), crs=METRIC_CRS)
    index = pd.Index(codes, name="area_code")
    try:
        metric = gpd.GeoSeries(shapes.to_numpy(), index=index, crs=layer.frame.crs).to_crs(METRIC_CRS)
    except ProjError:
        found = "the coordinate system (CRS) that the file names cannot be converted to the National Grid."
        faults.add(layer.name, found, "Set the right coordinate system in a GIS and save it again.")
        return gpd.GeoSeries([], index=index[:0], crs=METRIC_CRS)
    _note_outside(layer, metric, faults)
    return _polygons(metric)


def _note_crs(layer: Layer, faults: Faults) -> None:
    crs = layer.frame.crs
    if crs is None:
        remedy = "Keep the .prj file beside the .shp, or set the coordinate system in a GIS and save it again."
        faults.add(layer.name, "the boundaries do not say which coordinate system (CRS) they are in.", remedy)
    elif crs.is_geographic and not _within(layer.frame.total_bounds, _LONGITUDE_LATITUDE):
        remedy = "Set the right coordinate system in a GIS (for Scotland often EPSG:27700) and save it again."
        faults.add(layer.name, "the coordinates are not longitude and latitude, though the file says so.", remedy)


def _note_absent(layer: Layer, column: str, shapes: gpd.GeoSeries, codes: pd.Series, faults: Faults) -> None:
    flat = shapes.geom_type.isin(["Polygon", "MultiPolygon", "GeometryCollection"])
    absent = codes[(shapes.isna() | shapes.is_empty | ~flat).to_numpy()]
    faults.add_rows(
        ((layer.table.where(row, column), f"{code} has no polygon.") for row, code in absent.items()),
        "Download the file again; it may be cut short.",
    )


def _note_outside(layer: Layer, metric: gpd.GeoSeries, faults: Faults) -> None:
    """Note data zones of Scotland that lie elsewhere. Demonstration areas may lie anywhere."""
    bounds = metric.bounds
    inside = (bounds.minx > SCOTLAND[0]) & (bounds.miny > SCOTLAND[1])
    inside &= (bounds.maxx < SCOTLAND[2]) & (bounds.maxy < SCOTLAND[3])
    outside = metric.index[~inside & metric.index.str.startswith("S01")]
    if len(outside):
        found = f"{len(outside):,} of {len(metric):,} areas lie outside Scotland ({listed(outside, 3)})."
        remedy = "Check its coordinate system, and that longitude and latitude are not exchanged."
        faults.add(layer.name, found, remedy)


def _within(bounds: Collection[float], box: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = bounds
    return bool(left >= box[0] and bottom >= box[1] and right <= box[2] and top <= box[3])


def _polygons(metric: gpd.GeoSeries) -> gpd.GeoSeries:
    """Make every shape valid and keep its polygons; lines and points left over by mending go."""
    shapes = metric.to_numpy()
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = [_mended(shape) for shape in shapes[broken]]
    return gpd.GeoSeries(shapely.force_2d(shapes), index=metric.index, crs=metric.crs).sort_index()


def _mended(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.make_valid(shape))
    flat = [part for part in shapely.get_parts(parts) if part.geom_type == "Polygon"]
    return shapely.multipolygons(flat) if len(flat) > 1 else (flat[0] if flat else shape)
