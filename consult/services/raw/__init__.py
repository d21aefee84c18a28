"""Responses as they were given, for those who may read them."""
