"""Pages: each view parses, calls one service, then renders or redirects."""
