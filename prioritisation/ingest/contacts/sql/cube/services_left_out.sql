-- Services whose contacts are here and that the contract no longer has: they are not counted.
SELECT DISTINCT service FROM contact WHERE service NOT IN (SELECT service FROM service_of) ORDER BY service;
