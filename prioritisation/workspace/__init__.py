"""The workspace: what people save and agree, apart from the data releases; SQLite, or PostgreSQL by URL."""

from prioritisation.workspace.database import Change, Workspace, has_workspace, open_workspace

__all__ = ["Change", "Workspace", "has_workspace", "open_workspace"]
