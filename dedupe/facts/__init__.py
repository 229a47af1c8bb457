"""Level 4: which assertion of one outlet is which assertion of another."""
