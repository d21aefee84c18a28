"""What hides a small number when its neighbours would give it away."""
