-- What a sweep varies is one list of settings by their paths, in the place of a list for each of five. Schedules were told
-- whole, always with the numbers of the plan or of their table, which their names bring along.
UPDATE sweeps SET settings = json_set(
  json_remove(
    settings,
    '$.space.activations', '$.space.learningRates', '$.space.batchSizes', '$.space.l2', '$.space.dropout',
    '$.space.schedules'
  ),
  '$.space.activation', coalesce(settings ->> '$.space.activations[0]', 'relu'),
  '$.space.vary', json((
    SELECT json_group_array(json_object('path', path, 'values', json(listed)))
    FROM (
      SELECT 'hidden.activation' AS path, settings -> '$.space.activations' AS listed
        WHERE json_array_length(settings, '$.space.activations') > 1
      UNION ALL
      SELECT 'optimizer.learningRate', settings -> '$.space.learningRates'
      UNION ALL
      SELECT 'batchSize', settings -> '$.space.batchSizes'
      UNION ALL
      SELECT 'regularisation.l2', settings -> '$.space.l2'
      UNION ALL
      SELECT 'hidden.dropout', settings -> '$.space.dropout'
      UNION ALL
      SELECT 'schedule.name', (
        SELECT json_group_array(value ->> '$.name') FROM json_each(settings, '$.space.schedules')
      )
    )
    WHERE json_array_length(listed) > 0
  ))
)
WHERE settings ->> '$.space.vary' IS NULL;
