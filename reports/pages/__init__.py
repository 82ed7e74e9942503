"""What pages, prints and files say, as plain values and pictures; the views are in reports/views/."""
