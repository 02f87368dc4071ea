-- The full figures of a run at its best epoch, apart from runs, so that lists of runs stay short.
CREATE TABLE run_details (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  details TEXT NOT NULL               -- JSON
) STRICT;
