"""Many looks: flags that may be looked at every day."""
