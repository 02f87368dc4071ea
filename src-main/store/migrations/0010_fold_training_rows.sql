-- Folds by order (forward chaining) are trained on what lies before them: not on all other rows, so those are kept, too.
ALTER TABLE folds ADD COLUMN train_rows BLOB; -- NULL: all other rows of training and validation part
