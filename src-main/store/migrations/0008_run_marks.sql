-- What a person marks runs with, and what the queue keeps of them: `queue_place` is null until somebody moves the run,
-- `goes_on` is set where the end of the lab interrupted a run that nobody had paused.
ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';           -- JSON
ALTER TABLE runs ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN queue_place INTEGER;
ALTER TABLE runs ADD COLUMN goes_on INTEGER NOT NULL DEFAULT 0;
