-- The zone of practical equality of an experiment: the share of the error of its best topology that makes no difference.
ALTER TABLE experiments ADD COLUMN zone REAL NOT NULL DEFAULT 0.02 CHECK (zone BETWEEN 0 AND 1);
