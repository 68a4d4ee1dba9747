SELECT node, area_code, cell, release_id, people AS held_people, contacts AS held_contacts, status AS held_status,
       side AS held_side
FROM held;
