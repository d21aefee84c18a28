"""What people decide: the review model, the audit, accuracy and agreement."""
