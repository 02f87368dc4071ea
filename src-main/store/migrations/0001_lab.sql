-- The first form of a lab. Times are milliseconds since 1970; text columns marked JSON hold what the contract's schemas
-- describe; blobs are little-endian: uint32 row numbers, float32 weights and metrics.

CREATE TABLE datasets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  rows INTEGER NOT NULL,
  column_count INTEGER NOT NULL,
  columns TEXT NOT NULL,              -- JSON
  image TEXT NOT NULL,                -- JSON, null where rows are no images
  warnings TEXT NOT NULL,             -- JSON
  size_bytes INTEGER NOT NULL,
  imported_at REAL NOT NULL
) STRICT;

CREATE TABLE experiments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id TEXT NOT NULL REFERENCES datasets (id),
  name TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  settings TEXT NOT NULL,             -- JSON
  preparation TEXT NOT NULL,          -- JSON, fitted on the training part alone
  prepared_key TEXT NOT NULL,         -- names the prepared matrices, which are a cache
  train_rows BLOB NOT NULL,
  validation_rows BLOB NOT NULL,
  test_rows BLOB NOT NULL,
  dropped INTEGER NOT NULL,
  warnings TEXT NOT NULL,             -- JSON
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX experiments_by_dataset ON experiments (dataset_id);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  parent_id INTEGER REFERENCES runs (id) ON DELETE SET NULL,
  status TEXT NOT NULL CHECK (
    status IN ('queued', 'running', 'paused', 'interrupted', 'done', 'stopped', 'diverged', 'failed')
  ),
  topology TEXT NOT NULL,             -- JSON
  plan TEXT NOT NULL,                 -- JSON
  seed INTEGER NOT NULL,
  parameters INTEGER NOT NULL,
  epochs INTEGER NOT NULL DEFAULT 0,
  best_epoch INTEGER,
  train TEXT NOT NULL DEFAULT 'null',       -- JSON, at the best epoch
  validation TEXT NOT NULL DEFAULT 'null',  -- JSON, at the best epoch
  seconds REAL NOT NULL DEFAULT 0,
  samples_per_second REAL,
  reason TEXT,
  message TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_at REAL NOT NULL,
  started_at REAL,
  ended_at REAL
) STRICT;
CREATE INDEX runs_by_experiment ON runs (experiment_id);
CREATE INDEX runs_by_parent ON runs (parent_id);
CREATE INDEX runs_by_status ON runs (status);

-- One piece of a run's curves: epochs first_epoch and following, column by column. Pieces may overlap after a resume;
-- the one with the higher sequence counts. A sequence is never given twice, so that a reader can go on after it.
CREATE TABLE metrics (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  first_epoch INTEGER NOT NULL,
  epochs INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE INDEX metrics_by_run ON metrics (run_id, sequence);

-- Checkpoints; the newest complete one of a run counts. Their numbers are in pieces, written one short transaction at a
-- time, because those of a large network would hold everything else up.
CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  is_complete INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL,
  elapsed_seconds REAL NOT NULL,
  unfinished TEXT NOT NULL,           -- JSON, null between epochs
  best_epoch INTEGER NOT NULL,
  best_value REAL                     -- null where it is not a number
) STRICT;
CREATE INDEX checkpoints_by_run ON checkpoints (run_id, is_complete);

CREATE TABLE checkpoint_pieces (
  checkpoint_id INTEGER NOT NULL REFERENCES checkpoints (id) ON DELETE CASCADE,
  field TEXT NOT NULL CHECK (field IN ('parameters', 'optimizer_state', 'random', 'best_parameters')),
  position INTEGER NOT NULL,          -- in bytes
  data BLOB NOT NULL,
  PRIMARY KEY (checkpoint_id, field, position)
) STRICT;

-- Every opening of a sealed test part. They stay counted when the run is removed.
CREATE TABLE openings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  run_id INTEGER REFERENCES runs (id) ON DELETE SET NULL,
  metrics TEXT NOT NULL,              -- JSON
  at REAL NOT NULL
) STRICT;
CREATE INDEX openings_by_experiment ON openings (experiment_id);
CREATE INDEX openings_by_run ON openings (run_id);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL                 -- JSON
) STRICT;
