-- Ensembles: runs whose outputs are those of several networks, averaged. `ensemble` is JSON, null for one network: what the
-- members were (run, topology, seed), and the temperature of the averaged probabilities. Their weights lie one after the
-- other in the checkpoint of the ensemble, in the order of the members' numbers, so that it outlives its members.
ALTER TABLE runs ADD COLUMN ensemble TEXT;
