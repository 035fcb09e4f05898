"""The web pages, one module a subject. They read the tables and write through the workflow alone."""
