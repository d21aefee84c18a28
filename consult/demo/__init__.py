"""The model consultation: an invented illustration, ready to load."""
