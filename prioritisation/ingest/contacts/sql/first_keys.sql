SELECT id, first FROM first_key WHERE number = $number AND key_kind = $key_kind AND partner = $partner;
