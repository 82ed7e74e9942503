"""Teams and past actions from an agency's spreadsheet."""
