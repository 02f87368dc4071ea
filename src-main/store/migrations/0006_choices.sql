-- What a run trains on, as JSON: the training part, or for a final model training and validation part together.
ALTER TABLE runs ADD COLUMN data TEXT NOT NULL DEFAULT '{"kind":"whole"}';

-- Choices of a topology. They are added and never changed: the newest counts, and what was chosen before an opening of
-- the test part stays to be seen.
CREATE TABLE choices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  run_id INTEGER REFERENCES runs (id) ON DELETE SET NULL,
  topology TEXT NOT NULL,             -- its name among the points of the complexity curve
  rule TEXT NOT NULL CHECK (rule IN ('suggested', 'own')),
  suggestion TEXT NOT NULL,           -- JSON, what the lab suggested when the choice was made
  reason TEXT NOT NULL,
  at REAL NOT NULL
) STRICT;
CREATE INDEX choices_by_experiment ON choices (experiment_id);
CREATE INDEX choices_by_run ON choices (run_id);

-- What was expected of the test part before it was opened, as JSON; null where nothing could be.
ALTER TABLE openings ADD COLUMN expectation TEXT;
