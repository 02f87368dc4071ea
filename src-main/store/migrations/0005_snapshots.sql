-- Weights of a run at chosen epochs, so that it can be looked at as it was. Epoch 0 has the weights it began with. In
-- pieces, as those of checkpoints are; a snapshot counts once it is complete.
CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  is_complete INTEGER NOT NULL DEFAULT 0,
  UNIQUE (run_id, epoch)
) STRICT;

CREATE TABLE snapshot_pieces (
  snapshot_id INTEGER NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- in bytes
  data BLOB NOT NULL,
  PRIMARY KEY (snapshot_id, position)
) STRICT;

-- How much a run may keep in snapshots; 0 for the runs of a sweep, which are too many.
ALTER TABLE runs ADD COLUMN snapshot_bytes INTEGER NOT NULL DEFAULT 0;
-- The epoch of the parent whose weights the run began with; null where they were drawn.
ALTER TABLE runs ADD COLUMN from_epoch INTEGER;
ALTER TABLE runs ADD COLUMN divergence TEXT NOT NULL DEFAULT 'null';  -- JSON
