"""The council's look: its colour with enough contrast, its logo without dangers. Plain values."""
