-- Snapshots that no cell refers to any more.
DELETE FROM snapshot WHERE release_id NOT IN (SELECT release_id FROM held);
DELETE FROM snapshot_key WHERE release_id NOT IN (SELECT release_id FROM held);
