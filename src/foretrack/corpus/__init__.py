"""The corpus: Parquet parts, manifest, identity, as-of views, checks."""
