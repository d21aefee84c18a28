"""What texts and tables say: themes, representation, disclosure.

Texts and tables in, frozen results out. Nothing here knows of Flask or of a database, so
that it runs on an analyst's machine as well as behind the pages.
"""
