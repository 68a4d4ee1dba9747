"""Profile sheets: one printable page about an area, or about a locality."""
