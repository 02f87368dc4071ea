-- Models taken away and brought in: exports of runs, each with the proof that was made right after it was written, and
-- where the weights of a run come from.
CREATE TABLE exports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  format TEXT NOT NULL,
  weights TEXT NOT NULL CHECK (weights IN ('best', 'last')),
  epoch INTEGER NOT NULL,
  files TEXT NOT NULL,                -- JSON: names and sizes
  proof TEXT NOT NULL,                -- JSON, null for a format that the lab can't run
  at REAL NOT NULL
) STRICT;
CREATE INDEX exports_by_run ON exports (run_id);

ALTER TABLE runs ADD COLUMN source TEXT NOT NULL DEFAULT 'training';
