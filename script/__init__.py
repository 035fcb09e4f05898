"""What runs and tests a checkout of Doppel; nothing in here is imported by the site."""
