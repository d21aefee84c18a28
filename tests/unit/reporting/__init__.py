"""Reports on paper: the files that they are written to."""
