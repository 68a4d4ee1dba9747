"""How the child that parses an extract speaks to its parent: frames of one kind letter, a length and a content."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import pyarrow as pa

BATCH_ROWS = 65_536
FRAME_UP_TO = 256 * 1024**2
_HEAD = struct.Struct(">cQ")
_WORDS, _BATCH = b"J", b"B"


class Sender:
    """The child's end."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def send(self, words: Mapping[str, object]) -> None:
        self._write(_WORDS, json.dumps(words).encode())

    def send_batch(self, batch: pa.RecordBatch) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        self._write(_BATCH, sink.getvalue())

    def _write(self, kind: bytes, content: bytes | pa.Buffer) -> None:
        self._out.write(_HEAD.pack(kind, len(content)))
        self._out.write(content)
        self._out.flush()


def received(source: BinaryIO) -> Iterator[dict[str, Any] | pa.Table]:
    """Give what the child sends: words and validated tables. Ends, without a fault, where the child's words end."""
    while len(head := source.read(_HEAD.size)) == _HEAD.size:
        kind, length = _HEAD.unpack(head)
        if length > FRAME_UP_TO or len(content := source.read(length)) < length:
            return
        if kind == _WORDS:
            yield json.loads(content)
        else:
            table = pa.ipc.open_stream(pa.py_buffer(content)).read_all()
            table.validate(full=True)
            yield table
