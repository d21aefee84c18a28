"""What can be said of a text by itself, in any language."""
