"""Protected figures: what an agency's or the sector's quarter adds up to, and cannot be turned back into people.

`entries` says what comes in, `rule` when a set of entries is too small to print, `grids` what printed numbers give
away, `quarters` hides until they give nothing away, and `published` is all that comes out. Pure: no models, no
database. docs/protected-figures.md works an example through; docs/decisions/0014-protected-figures.md says why.
"""
