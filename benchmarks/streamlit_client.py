"""A person at a page without a browser: one Streamlit session over its websocket protocol.

It keeps the page's elements as the server sends them, sends states of widgets and components as a browser does, and
waits until the script has run. For tests and benchmarks with many people at once. Streamlit's messages are its own
and may change between versions; requirements pin the one that this was written for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

MOST_BYTES = 64 * 2**20
FINISHED = {
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
}
Path = tuple[int, ...]


class Session:
    """One open page. elements: what the server last put where; states: of components, as this person left them."""

    def __init__(self, address: str, page: str, query: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(address)
        self.query = urlencode(query or {})
        self.page_name = page
        self.page_hash = ""
        self.elements: dict[Path, Delta] = {}
        self.states: dict[str, str] = {}
        self.kept: dict[str, ForwardMsg] = {}
        self.until_closed = ExitStack()
        stream = f"ws://{parts.netloc}/_stcore/stream"
        self.socket = self.until_closed.enter_context(
            connect(stream, subprotocols=["streamlit"], max_size=MOST_BYTES, origin=address)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.until_closed.close()

    def open(self, seconds: float = 60) -> None:
        """Run the page for the first time."""
        self._send(ClientState(query_string=self.query, page_name=self.page_name))
        self.wait(seconds)

    def component(self, name: str) -> tuple[str, dict[str, Any]]:
        """Return the id and the data of the component mounted under this key. LookupError: there is none."""
        sent = self._delta(name).new_element.bidi_component
        return sent.id, json.loads(sent.json or "null")

    def has(self, name: str) -> bool:
        return any(_is(delta, name) for delta in self.elements.values())

    def put(self, name: str, **states: Any) -> None:
        """Send new states of a component, as `setStateValue` does; returns at once."""
        delta = self._delta(name)
        identifier = delta.new_element.bidi_component.id
        self.states[identifier] = json.dumps(json.loads(self.states.get(identifier, "{}")) | states)
        self._send(ClientState(query_string=self.query, page_script_hash=self.page_hash, fragment_id=delta.fragment_id))

    def wait(self, seconds: float = 60) -> int:
        """Take messages until the script has run; return how many bytes came. TimeoutError: it did not end."""
        return sum(self.messages(seconds))

    def messages(self, seconds: float) -> Iterator[int]:
        """Take messages one after the other until the script has run; each is its length in bytes."""
        until = time.monotonic() + seconds
        while True:
            raw = bytes(self.socket.recv(timeout=max(0.0, until - time.monotonic()), decode=False))
            message = ForwardMsg.FromString(raw)
            self._take(message)
            yield len(raw)
            if message.WhichOneof("type") == "script_finished" and message.script_finished in FINISHED:
                return

    def _take(self, message: ForwardMsg) -> None:
        """Note what a message changes. What the server sent before, it may name by its hash only."""
        if message.WhichOneof("type") == "ref_hash":
            message, reference = ForwardMsg.FromString(self.kept[message.ref_hash].SerializeToString()), message
            message.metadata.CopyFrom(reference.metadata)
        elif message.metadata.cacheable:
            self.kept[message.hash] = message
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.elements[tuple(message.metadata.delta_path)] = message.delta

    def _delta(self, name: str) -> Delta:
        for delta in self.elements.values():
            if _is(delta, name):
                return delta
        raise LookupError(name)

    def _send(self, state: ClientState) -> None:
        for identifier, value in self.states.items():
            state.widget_states.widgets.add(id=identifier, json_value=value)
        state.cached_message_hashes.extend(self.kept)
        self.socket.send(BackMsg(rerun_script=state).SerializeToString())


def _is(delta: Delta, name: str) -> bool:
    """Return whether it is the component mounted under this key: its id is $$ID-hash-key."""
    return delta.new_element.bidi_component.id.split("-", 2)[2:] == [name]
