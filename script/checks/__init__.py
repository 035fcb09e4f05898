"""What `script/test` does once everything is installed: static checks, then tests with coverage."""
