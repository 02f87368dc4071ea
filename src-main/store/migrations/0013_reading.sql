-- Where a file could be read as a table in another way as well, as JSON.
ALTER TABLE datasets ADD COLUMN doubts TEXT NOT NULL DEFAULT '[]';
