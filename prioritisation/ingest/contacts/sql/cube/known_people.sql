SELECT count(*) AS people FROM known WHERE side = 'everyone' AND recent;
