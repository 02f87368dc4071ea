-- What runs say of single rows of the part that judged them, at their best epoch: of a large part a fixed sample. How an
-- answer departs from its target takes 1, 2 or 4 bytes a row (classes or numbers); those of the first rows are apart and
-- uncompressed, because comparing topologies reads them of every run. Runs from before have none until they are asked for.
CREATE TABLE row_figures (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  part_rows INTEGER NOT NULL,
  width INTEGER NOT NULL CHECK (width IN (1, 2, 4)),
  head BLOB NOT NULL,
  rest BLOB NOT NULL,                 -- deflated
  surprises BLOB NOT NULL             -- float32, byte planes, deflated; empty for numbers
) STRICT;
