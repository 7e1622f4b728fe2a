"""Static files whose names carry a fingerprint, so that browsers may keep them for ever."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class FingerprintedStorage(ManifestStaticFilesStorage):
    """Rewrites the imports of our script modules too."""

    support_js_module_import_aggregation = True
