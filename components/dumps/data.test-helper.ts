/** A letter of every kind that has broken a dump: quotes, line ends, emoji, combining marks, right to left, a null. */
export const TEXTS = [
  `'"\\\\ ),(`,
  "line\nend\r\ttab",
  "👩‍👩‍👧‍👦🏳️‍🌈🇫🇷",
  "e\u0301 n\u0303 Z\u0351\u036b",
  "مرحبا \u202eabc\u202c שלום",
  "日本語 \u{20000}\u{2F81A}",
  "\u0000 \u001a \ufeff \u2028",
  "`;-- DROP TABLE x; /*!50003 */",
  "",
];

/** 100,000 rows, made by the server itself, and beside them what a schema may have. */
export const LARGE = `
  CREATE DATABASE large CHARACTER SET utf8mb4; USE large; SET SESSION sql_mode = '';
  CREATE TABLE customer (
    id INT AUTO_INCREMENT PRIMARY KEY, mail VARCHAR(120) NOT NULL UNIQUE, words TEXT CHARACTER SET utf8mb4,
    bytes VARBINARY(300), born DATE, twice INT AS (CHAR_LENGTH(mail) * 2) STORED, half INT AS (CHAR_LENGTH(mail)) VIRTUAL,
    share DECIMAL(20,10), part DOUBLE, seen TIMESTAMP(6) NULL, facts JSON, bits BIT(5)
  ) COMMENT 'it''s "all" of; them';
  CREATE TABLE \`order, of (b)\` (
    id BIGINT PRIMARY KEY, \`from\` INT NULL, note VARCHAR(60) DEFAULT 'a ), (''b', KEY (\`from\`),
    FOREIGN KEY (\`from\`) REFERENCES customer (id) ON DELETE SET NULL, CHECK (id > 0)
  );
  CREATE TABLE nothing_yet (id INT PRIMARY KEY);
  CREATE TABLE django_migrations (id INT PRIMARY KEY, app VARCHAR(20), name VARCHAR(60));
  CREATE TABLE text (place INT PRIMARY KEY, word TEXT) DEFAULT CHARACTER SET utf8mb4;
  INSERT INTO django_migrations VALUES (1, 'shop', '0001_initial'), (2, 'shop', '0002_orders');
`;

export const FILLED = `
  INSERT INTO customer (id, mail, words, bytes, born, share, part, seen, facts, bits)
    SELECT seq, CONCAT('c', seq, '@shop.example'),
      IF(seq % 7 = 0, NULL, CONCAT((SELECT word FROM text WHERE place = seq % 9), CONVERT(CHAR(0x1F300 + seq % 700 USING utf32) USING utf8mb4))),
      IF(seq % 11 = 0, NULL, CONCAT(CHAR(seq % 256), CHAR((seq DIV 256) % 256), '\\'\\\\)')),
      IF(seq % 5 = 0, '0000-00-00', '2001-02-03'), seq / 7, 1 / seq, FROM_UNIXTIME(1.5e9 + seq / 3),
      CONCAT('{"n": ', seq, ', "t": "\\\\\\\\u00e9"}'), seq % 32
    FROM seq_1_to_60000;
  INSERT INTO \`order, of (b)\` SELECT seq, IF(seq % 3 = 0, NULL, 1 + seq % 60000), IF(seq % 2, '),(\\\\''', NULL) FROM seq_1_to_40000;
  CREATE VIEW both_of AS SELECT c.id, o.note FROM customer c JOIN \`order, of (b)\` o ON o.\`from\` = c.id;
  CREATE VIEW again AS SELECT id FROM both_of;
  CREATE FUNCTION shout(t TEXT) RETURNS TEXT DETERMINISTIC RETURN CONCAT(UPPER(t), '!');
  CREATE PROCEDURE fill() INSERT INTO nothing_yet VALUES (1);
  CREATE TRIGGER marked BEFORE INSERT ON \`order, of (b)\` FOR EACH ROW SET NEW.note = CONCAT(COALESCE(NEW.note, ''), ' ; by trigger');
  CREATE EVENT often ON SCHEDULE EVERY 1 SECOND DO DELETE FROM nothing_yet WHERE id < 0;
`;

/** A shop with people in it, none of whom may be known again. */
export const PEOPLE = `
  CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE person (
    id INT AUTO_INCREMENT PRIMARY KEY, mail VARCHAR(120) NOT NULL UNIQUE, full_name VARCHAR(80), story TEXT,
    phone VARCHAR(40), badge BIGINT, secret_note VARCHAR(40), house VARCHAR(40), domain VARCHAR(120) AS (SUBSTRING_INDEX(mail, '@', -1)) STORED,
    changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
  );
  CREATE TABLE letter (id INT PRIMARY KEY, writer VARCHAR(120), FOREIGN KEY (writer) REFERENCES person (mail));
  CREATE TABLE session (id INT PRIMARY KEY, data TEXT);
  CREATE TABLE trace (id INT PRIMARY KEY, data TEXT);
  CREATE TABLE django_migrations (id INT PRIMARY KEY, app VARCHAR(20), name VARCHAR(60));
  INSERT INTO django_migrations VALUES (1, 'shop', '0001_initial');
  INSERT INTO person (mail, full_name, story, phone, badge, secret_note, house, changed)
    SELECT CONCAT('SENTINELmail', seq, '@real.example'), CONCAT('SENTINELname', seq), IF(seq = 1, NULL, CONCAT('SENTINELstory', seq)),
      IF(seq = 2, '', CONCAT('SENTINELphone', seq DIV 2)), 7700000000 + seq, 'SENTINELnote', 'SENTINELhouse', '2020-01-02 03:04:05' FROM seq_1_to_50;
  INSERT INTO letter SELECT id, UPPER(mail) FROM person;
  INSERT INTO session VALUES (1, 'SENTINELsession');
  INSERT INTO trace VALUES (1, 'SENTINELtrace');
  CREATE TABLE kept (id INT PRIMARY KEY, word VARCHAR(20));
  INSERT INTO kept VALUES (1, 'Größe');
  CREATE TRIGGER letters BEFORE INSERT ON letter FOR EACH ROW SET NEW.id = NEW.id + 100;
  CREATE VIEW people AS SELECT id, mail FROM person;
`;
