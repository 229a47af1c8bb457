"""What we keep: schemas, ids, Delta tables, published Parquet snapshots, run manifests."""
