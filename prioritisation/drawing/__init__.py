"""Maps as SVG drawn on the server, for documents and images: no browser, no network, the same bytes every time."""
