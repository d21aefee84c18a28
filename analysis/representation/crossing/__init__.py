"""Groups within groups, and neighbourhoods: shrunk towards what their parts explain."""
