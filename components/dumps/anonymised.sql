-- The statements that do what the rules say, one a table. A value becomes the same everywhere, so that joins and
-- uniqueness survive: a checksum of it with a key that this run alone knows. What the collation holds for equal
-- becomes equal. Empty stays empty, and NULL stays NULL.
SET SESSION group_concat_max_len = 16777216;
SELECT CONCAT('DROP TABLE `', t, '`;') FROM `_tandem_rules` WHERE c = '' AND action = 'drop';
SELECT CONCAT('TRUNCATE TABLE `', t, '`;') FROM `_tandem_rules` WHERE c = '' AND action = 'empty';
SELECT CONCAT('UPDATE `', t, '` SET ', GROUP_CONCAT(CONCAT(c, ' = ', new) ORDER BY place SEPARATOR ', '), ';')
FROM (
  SELECT t, c, place, CASE action
      WHEN 'keep' THEN c
      WHEN 'null' THEN 'NULL'
      WHEN 'value' THEN CONCAT('CONVERT(X''', value, ''' USING utf8mb4)')
      WHEN 'text' THEN CONCAT('LEFT(REPEAT(''lorem ipsum '', CEIL(CHAR_LENGTH(', c, ') / 12)), CHAR_LENGTH(', c, '))')
      ELSE CONCAT('IF(', c, ' IS NULL', IF(kind = 'bigint', '', CONCAT(' OR ', c, ' = ''''')), ', ', c, ', ', CASE
        WHEN action = 'mail' THEN CONCAT('CONCAT(LEFT(', digest, ', ', LEAST(20, size - 16), '), ''@example.invalid'')')
        WHEN action = 'name' THEN CONCAT('CONCAT(''Name '', LEFT(', digest, ', ', LEAST(16, size - 5), '))')
        WHEN kind = 'bigint' THEN CONCAT('CAST(CONV(LEFT(', digest, ', 15), 16, 10) AS SIGNED)')
        ELSE CONCAT('LEFT(', digest, ', ', LEAST(64, size), ')') END, ')') END AS new
  FROM (
    SELECT r.t, CONCAT('`', a.c, '`') AS c, a.place, r.action, r.value, a.kind, a.size, CONCAT('SHA2(CONCAT(@tandem_key, ',
      IF(a.folded, CONCAT('HEX(WEIGHT_STRING(`', a.c, '`))'), CONCAT('HEX(`', a.c, '`)')), '), 256)') AS digest
    FROM `_tandem_rules` r JOIN `_tandem_columns` a ON a.t = r.t AND a.k = r.k
    -- What changes by itself when its row does has to be kept on purpose.
    WHERE r.c <> '' AND NOT a.computed AND (r.action <> 'keep' OR a.touched)
  ) AS facts
) AS changes
GROUP BY t ORDER BY t;
