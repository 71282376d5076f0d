-- What is wrong with the table of rules, a line each: before anything of the data is changed.
-- Names of columns know no case, names of tables do.
CREATE TEMPORARY TABLE `_tandem_tables` AS
  SELECT CONVERT(TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin AS t
  FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME NOT LIKE '\_tandem\_%';
CREATE TEMPORARY TABLE `_tandem_columns` AS
  SELECT CONVERT(TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin AS t,
    CONVERT(COLUMN_NAME USING utf8mb4) COLLATE utf8mb4_bin AS c,
    CONVERT(LOWER(COLUMN_NAME) USING utf8mb4) COLLATE utf8mb4_bin AS k,
    CONVERT(DATA_TYPE USING utf8mb4) COLLATE utf8mb4_bin AS kind,
    CHARACTER_MAXIMUM_LENGTH AS size, IS_NULLABLE = 'YES' AS nullable, COLLATION_NAME LIKE '%\_ci' AS folded,
    EXTRA LIKE '%on update%' AS touched,
    EXTRA LIKE '%VIRTUAL%' OR EXTRA LIKE '%STORED%' OR EXTRA LIKE '%PERSISTENT%' AS computed, ORDINAL_POSITION AS place
  FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE '\_tandem\_%';
-- A temporary table cannot be opened twice in one statement.
CREATE TEMPORARY TABLE `_tandem_whole` AS SELECT t, action FROM `_tandem_rules` WHERE c = '';
CREATE TEMPORARY TABLE `_tandem_known` AS SELECT DISTINCT t FROM `_tandem_rules`;

SELECT CONCAT('table ', t, ' is not declared') FROM `_tandem_tables`
  WHERE t NOT IN (SELECT t FROM `_tandem_known`) ORDER BY t;
SELECT CONCAT('table ', t, ' is declared and does not exist') FROM `_tandem_known`
  WHERE t NOT IN (SELECT t FROM `_tandem_tables`) ORDER BY t;
SELECT CONCAT('column ', a.t, '.', a.c, ' is not declared') FROM `_tandem_columns` a
  JOIN `_tandem_tables` b ON b.t = a.t
  JOIN `_tandem_known` n ON n.t = a.t
  LEFT JOIN `_tandem_whole` w ON w.t = a.t
  LEFT JOIN `_tandem_rules` r ON r.t = a.t AND r.k = a.k AND r.c <> ''
  WHERE w.t IS NULL AND r.t IS NULL AND NOT a.computed ORDER BY a.t, a.place;
SELECT CONCAT('column ', r.t, '.', r.c, ' is declared and does not exist') FROM `_tandem_rules` r
  JOIN `_tandem_tables` b ON b.t = r.t
  LEFT JOIN `_tandem_columns` a ON a.t = r.t AND a.k = r.k
  WHERE r.c <> '' AND a.t IS NULL ORDER BY r.t, r.c;
SELECT CONCAT('column ', a.t, '.', a.c, ' (', a.kind, ') cannot be ', r.action, ': ', CASE
    WHEN a.computed THEN 'the database computes it from others'
    WHEN r.action = 'null' THEN 'it is NOT NULL'
    ELSE 'it takes no such text, or is too short for it' END)
  FROM `_tandem_rules` r JOIN `_tandem_columns` a ON a.t = r.t AND a.k = r.k
  WHERE r.c <> '' AND (
    (a.computed AND r.action <> 'keep')
    OR (r.action = 'null' AND NOT a.nullable)
    OR (r.action = 'hash' AND NOT (a.kind = 'bigint'
      OR (a.kind IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'binary', 'varbinary',
        'tinyblob', 'blob', 'mediumblob', 'longblob') AND a.size >= 16)))
    OR (r.action IN ('mail', 'name', 'text') AND a.kind NOT IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'))
    OR (r.action = 'mail' AND a.size < 32) OR (r.action = 'name' AND a.size < 16))
  ORDER BY a.t, a.place;
