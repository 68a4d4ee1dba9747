"""Somebody who opens everything: every tab and drawer of a page, every file that it offers, every frame kept."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.streamlit_client import Path, Session

MEDIA = re.compile(rb"/media/[0-9a-f]{20,}\.(?:csv|html|js|json|md|pdf|png|svg|txt|xlsx|zip)")
REFUSED = b'class="refusal"'


class Kept:
    """A websocket that keeps what it received."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.frames: list[bytes] = []

    def recv(self, **how: Any) -> bytes:
        frame = bytes(self.socket.recv(**how))
        self.frames.append(frame)
        return frame

    def send(self, content: bytes) -> None:
        self.socket.send(content)


class Visitor(Session):
    """One open page of which everything is opened. downloads: file -> its bytes."""

    def __init__(self, address: str, page: str, query: Mapping[str, str] | None = None) -> None:
        super().__init__(address, page, query)
        self.address = address
        self.socket = self.kept_socket = Kept(self.socket)  # type: ignore[assignment]
        self.blocks: dict[Path, Delta] = {}
        self.widgets: dict[str, WidgetState] = {}
        self.downloads: dict[str, bytes] = {}
        self.session_id = ""

    @property
    def frames(self) -> list[bytes]:
        return self.kept_socket.frames

    def look_everywhere(self) -> None:
        """Open the page, each of its tabs and drawers, also those inside others, and fetch its files."""
        self.open()
        seen: set[tuple[str, object]] = set()
        self._fetch()
        while (choice := next((each for each in self._choices() if each[:2] not in seen), None)) is not None:
            identifier, value, fragment = choice
            seen.add((identifier, value))
            state = WidgetState(id=identifier)
            if isinstance(value, bool):
                state.bool_value = value
            else:
                state.string_value = value
            self.widgets[identifier] = state
            self._send(ClientState(query_string=self.query, page_script_hash=self.page_hash, fragment_id=fragment))
            self.wait()
            self._fetch()

    def _choices(self) -> Iterator[tuple[str, str | bool, str]]:
        """Give the tabs and drawers that the server wants to hear of: id, value, fragment."""
        for path, delta in list(self.blocks.items()):
            block = delta.add_block
            kind = block.WhichOneof("type")
            if kind == "tab_container" and block.tab_container.id:
                for below, other in list(self.blocks.items()):
                    if below[:-1] == path and other.add_block.WhichOneof("type") == "tab":
                        yield block.tab_container.id, other.add_block.tab.label, delta.fragment_id
            elif kind in ("popover", "expandable") and getattr(block, kind).id:
                yield getattr(block, kind).id, True, delta.fragment_id

    def _fetch(self) -> None:
        """Fetch what the page offers, and every other file whose address came."""
        for delta in list(self.elements.values()):
            button = delta.new_element.download_button
            if button.deferred_file_id and button.label not in self.downloads:
                self.downloads[button.label] = self._get(self._made(button.deferred_file_id))
            elif button.url and button.label not in self.downloads:
                self.downloads[button.label] = self._get(button.url)
        for frame in self.frames:
            for url in set(MEDIA.findall(frame)):
                if url.decode() not in self.downloads:
                    self.downloads[url.decode()] = self._get(url.decode())

    def _get(self, url: str) -> bytes:
        with urllib.request.urlopen(f"{self.address}{url}", timeout=60) as answer:
            return answer.read()

    def _made(self, identifier: str) -> str:
        """Have the server make a file that it makes on demand; return its address."""
        asked = BackMsg()
        request = asked.backend_operation_request
        request.request_id = f"request-{identifier}"
        request.session_id = self.session_id
        request.deferred_file.file_id = identifier
        self.socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(self.socket.recv(timeout=120, decode=False))
            self._take(message)
            answer = message.backend_operation_response
            if answer.request_id == request.request_id:
                if answer.error_msg:
                    raise LookupError(answer.error_msg)
                return answer.deferred_file.url

    def _take(self, message: ForwardMsg) -> None:
        super()._take(message)
        if message.WhichOneof("type") == "ref_hash":  # sent before, here at another place
            message, reference = ForwardMsg.FromString(self.kept[message.ref_hash].SerializeToString()), message
            message.metadata.CopyFrom(reference.metadata)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session_id = message.new_session.initialize.session_id
        elif kind == "navigation" and message.navigation.page_script_hash:
            self.page_hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "add_block":
            self.blocks[tuple(message.metadata.delta_path)] = message.delta

    def _send(self, state: ClientState) -> None:
        state.widget_states.widgets.extend(self.widgets.values())
        super()._send(state)


def is_refused(frames: list[bytes]) -> bool:
    return any(REFUSED in frame for frame in frames)
