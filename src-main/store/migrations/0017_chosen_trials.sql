-- What a choice is of, as JSON: the network's topology and plan, which name its point on the complexity curve whatever runs
-- come and go. Null where the run was deleted before this was kept: of those choices only the name is known.
ALTER TABLE choices ADD COLUMN trial TEXT;
UPDATE choices SET
  trial = (
    SELECT json_object('topology', json(runs.topology), 'plan', json(runs.plan)) FROM runs WHERE runs.id = choices.run_id
  ),
  suggestion = json_set(
    json_remove(suggestion, '$.topology'),
    '$.key', NULL,
    '$.name', suggestion ->> '$.topology'
  );
