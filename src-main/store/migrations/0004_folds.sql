-- Folds for cross-validation: the rows of training and validation part dealt anew, each with the preparation fitted on its
-- own training rows, which are all others of the two parts. A run says in `data` which fold it is of.
CREATE TABLE folds (
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  fold_count INTEGER NOT NULL,
  fold INTEGER NOT NULL,              -- from 1
  preparation TEXT NOT NULL,          -- JSON
  validation_rows BLOB NOT NULL,
  PRIMARY KEY (experiment_id, fold_count, fold)
) STRICT;
