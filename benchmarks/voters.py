"""Participants at the Vote page without browsers: they look every second as a phone does, and cast votes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.streamlit_client import Session

BALLOT = "ballot"
IS_IN = "Your vote is in."


class Voter(Session):
    """One open page. frames: all that the server sent; looks: fragments that the page runs again by itself."""

    def __init__(self, address: str, page: str, query: Mapping[str, str]) -> None:
        super().__init__(address, page, query)
        self.frames: list[bytes] = []
        self.looks: set[str] = set()
        self.looking = False

    def look(self) -> None:
        """Run what the page runs again every second."""
        self.looking = True
        for fragment in sorted(self.looks):
            self._send(ClientState(query_string=self.query, page_script_hash=self.page_hash, fragment_id=fragment))
            self.wait()
        self.looking = False

    def cast(self, weights: Sequence[float], reason: str = "", after: int = 0) -> float:
        """Send a first vote as the ballot does; return the seconds until the page says that it is stored.

        ValueError: the page says something else.
        """
        came, began = len(self.frames), time.perf_counter()
        self.put(BALLOT, vote={"weights": list(weights), "reason": reason, "after": after, "at": str(time.time_ns())})
        self.wait()
        waited = time.perf_counter() - began
        if not any(IS_IN.encode() in frame for frame in self.frames[came:]):
            raise ValueError("the page does not say that the vote is in")
        return waited

    def _take(self, message: ForwardMsg) -> None:
        super()._take(message)
        self.frames.append(message.SerializeToString())
        kind = message.WhichOneof("type")
        if kind == "new_session" and not self.looking:
            self.looks.clear()
        elif kind == "auto_rerun":
            self.looks.add(message.auto_rerun.fragment_id)
