"""The themes of answers: found by the machine, worked through by people."""
