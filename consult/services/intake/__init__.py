"""Responses from elsewhere: files, what is entered by hand, petitions."""
