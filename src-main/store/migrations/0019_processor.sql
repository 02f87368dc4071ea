-- The kind of processor that a run was trained on: on the same kind it comes to the same bits. Null where nobody knows,
-- as for runs of before.
ALTER TABLE runs ADD COLUMN processor TEXT;
