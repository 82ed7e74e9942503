"""Spreadsheets as an agency brings them, read for an import."""

import csv
import io

from teams.spreadsheets import sheets


def read_sheet(rows, columns, *, to, name):
    """Rows by column, for the import that they go to: what one does not say is empty, what has no column is left out."""
    text = io.StringIO()
    table = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    file = io.BytesIO(text.getvalue().encode())
    return sheets.read(file, name=name, required=to.REQUIRED, optional=to.OPTIONAL)
