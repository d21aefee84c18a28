"""Charts as data, as SVG and as PNG."""
