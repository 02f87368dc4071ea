-- A person's leave for an agent to open the sealed test part for a run, once: the opening takes it away.
CREATE TABLE test_consents (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;
