"""Watching a folder through the operating system: every file in it that any process opens, and by whom."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer


@dataclass(eq=False)
class Watched(FileSystemEventHandler):
    """touched: what happened in the folder (kind, path); held: paths inside it that a watched process had open."""

    folder: Path
    touched: list[tuple[str, str]] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    looks: int = 0
    news: threading.Condition = field(default_factory=threading.Condition)

    def on_any_event(self, event: FileSystemEvent) -> None:
        with self.news:
            self.touched.append((event.event_type, str(event.src_path)))
            self.news.notify_all()

    def wait_for(self, path: Path, seconds: float = 20) -> bool:
        """Wait until something has happened to a file; what happened before has been told then."""
        with self.news:
            return self.news.wait_for(lambda: any(each == str(path) for _, each in self.touched), timeout=seconds)

    def look_at(self, process: psutil.Process) -> None:
        """Note which files of the folder a process and its children have open now."""
        self.looks += 1
        for each in [process, *process.children(recursive=True)]:
            try:
                opened = [file.path for file in each.open_files()]
            except psutil.NoSuchProcess:
                continue
            self.held |= {path for path in opened if Path(path).is_relative_to(self.folder)}


@contextmanager
def watched(folder: Path, process: psutil.Process, seconds_between: float = 0.02) -> Iterator[Watched]:
    """Watch a folder, and look at a process's open files all the time meanwhile."""
    watching, ended = Watched(folder), threading.Event()

    def keep_looking() -> None:
        while not ended.wait(seconds_between):
            watching.look_at(process)

    observer, looking = Observer(), threading.Thread(target=keep_looking)
    observer.schedule(watching, str(folder), recursive=True)
    observer.start()
    looking.start()
    try:
        yield watching
    finally:
        ended.set()
        looking.join()
        observer.stop()
        observer.join()
