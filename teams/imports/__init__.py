"""People from an agency's spreadsheet, and taking an import back."""
