-- Sweeps: each plans all its runs when it starts. `kept` names the points that successive halving lets go on.
CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  status TEXT NOT NULL CHECK (status IN ('running', 'paused', 'interrupted', 'done', 'stopped')),
  settings TEXT NOT NULL,             -- JSON
  points INTEGER NOT NULL,
  planned INTEGER NOT NULL,
  rung INTEGER NOT NULL DEFAULT 0,
  kept TEXT NOT NULL,                 -- JSON, numbers of points
  elapsed_seconds REAL NOT NULL DEFAULT 0,
  message TEXT,
  created_at REAL NOT NULL,
  ended_at REAL
) STRICT;
CREATE INDEX sweeps_by_experiment ON sweeps (experiment_id);

ALTER TABLE runs ADD COLUMN sweep_id INTEGER REFERENCES sweeps (id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN sweep_point INTEGER;
CREATE INDEX runs_by_sweep ON runs (sweep_id, status);
