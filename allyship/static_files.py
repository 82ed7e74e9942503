"""Static files under names with their hashes, so that browsers keep them for a year."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also where one script imports another."""

    support_js_module_import_aggregation = True
