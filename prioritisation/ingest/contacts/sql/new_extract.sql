INSERT INTO extract
VALUES ($extract_id, $partner, $services, $key_id, $key_kinds, $contract_version, $month_from, $month_to, $rows, $content,
        $received_at, $retain_until, $replaces);
