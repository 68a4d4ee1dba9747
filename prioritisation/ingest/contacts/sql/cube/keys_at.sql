SELECT partner, key_id FROM snapshot_key WHERE release_id = $release_id;
