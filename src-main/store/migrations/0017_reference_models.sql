-- What a linear model and a forest come to on the rows that judge the networks of an experiment, fitted once when somebody
-- asks: one record a model and fold. They may be deleted at any time.
CREATE TABLE reference_models (
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  folds INTEGER NOT NULL,             -- 0 for the one validation part
  fold INTEGER NOT NULL,              -- from 1
  name TEXT NOT NULL,
  version INTEGER NOT NULL,           -- those of other versions are fitted anew
  trained_rows INTEGER NOT NULL,
  seconds REAL NOT NULL,
  train_error REAL NOT NULL,
  validation_error REAL NOT NULL,
  departures BLOB NOT NULL,           -- float32, as of row_figures
  PRIMARY KEY (experiment_id, folds, fold, name)
) STRICT;
