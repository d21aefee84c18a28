"""Files of responses from other platforms: read, and nothing judged."""
