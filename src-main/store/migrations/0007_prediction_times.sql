-- How long a network of a topology takes to predict a row, as measured: it depends on the machine, and a lab may move.
CREATE TABLE prediction_times (
  machine TEXT NOT NULL,
  topology TEXT NOT NULL,             -- JSON
  seconds REAL NOT NULL,
  PRIMARY KEY (machine, topology)
) STRICT;
