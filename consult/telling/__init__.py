"""What figures say, in the reader's language: shared by pages, reports and commands."""
