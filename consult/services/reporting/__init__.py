"""Reports: their figures gathered and made safe, kept as versions, published."""
