"""What a consultation says: its text, questions and rules, apart from any database.

A :class:`~consult.document.model.Consultation` is read from a YAML file, edited by an
officer, stored in tables, and shown to residents; all four meet here.
"""
