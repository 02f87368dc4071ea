-- How a file was read as a table, as JSON; null for tables of before.
ALTER TABLE datasets ADD COLUMN reading TEXT;

-- Where the files of a data set lay, as JSON; of this machine alone, so it goes into no bundle.
CREATE TABLE dataset_origins (
  dataset_id TEXT PRIMARY KEY,
  paths TEXT NOT NULL
) STRICT;
