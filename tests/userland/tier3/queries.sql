-- sqlite: a database in a file, transactions, a write-ahead log.
PRAGMA journal_mode=delete;
CREATE TABLE town(id INTEGER PRIMARY KEY, name TEXT NOT NULL, people INT);
INSERT INTO town(name, people)
VALUES('Ulm', 126), ('Bonn', 330), ('Trier', 111);
SELECT * FROM town ORDER BY name;
BEGIN;
UPDATE town SET people = people + 1;
SELECT sum(people) FROM town;
ROLLBACK;
SELECT sum(people), count(*), avg(people), max(name) FROM town;
BEGIN;
DELETE FROM town WHERE name = 'Ulm';
SAVEPOINT one;
INSERT INTO town(name, people) VALUES('Hof', 45);
ROLLBACK TO one;
COMMIT;
SELECT name FROM town;
CREATE TABLE number(n INTEGER, square INTEGER, text TEXT);
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000)
INSERT INTO number SELECT n, n * n, 'number ' || n FROM c;
CREATE INDEX by_square ON number(square);
SELECT count(*), sum(n), max(square) FROM number;
SELECT text FROM number WHERE square BETWEEN 10000 AND 10500;
EXPLAIN QUERY PLAN SELECT * FROM number WHERE square = 49;
SELECT n % 3 AS rest, count(*), min(text)
FROM number GROUP BY rest HAVING rest > 0;
PRAGMA integrity_check;
PRAGMA journal_mode=wal;
BEGIN; UPDATE number SET n = -n; COMMIT;
SELECT sum(n) FROM number;
PRAGMA wal_checkpoint(truncate);
PRAGMA journal_mode;
CREATE VIEW large AS SELECT * FROM number WHERE square > 24000000;
SELECT count(*) FROM large;
CREATE TRIGGER told AFTER DELETE ON town
BEGIN INSERT INTO number VALUES(0, 0, OLD.name); END;
DELETE FROM town WHERE name = 'Bonn';
SELECT text FROM number WHERE n = 0;
SELECT hex(randomblob(4)) GLOB '????????', length(zeroblob(10)), typeof(1.5);
SELECT date('2024-02-29', '+1 year'), strftime('%j', '2024-12-31');
SELECT julianday('2000-01-01');
SELECT json_extract('{"a":[1,2,{"b":3}]}', '$.a[2].b');
SELECT json_group_array(name) FROM town;
SELECT row_number() OVER (ORDER BY n), n FROM number ORDER BY n LIMIT 3;
CREATE VIRTUAL TABLE doc USING fts5(body);
INSERT INTO doc VALUES('the quick brown fox'), ('lazy dogs sleep');
SELECT body FROM doc WHERE doc MATCH 'quick OR dogs' ORDER BY rowid;
ATTACH 'second.db' AS second;
CREATE TABLE second.copy AS SELECT * FROM number;
SELECT count(*) FROM second.copy;
DETACH second;
VACUUM;
PRAGMA integrity_check;
.tables
.backup backup.db
.open backup.db
SELECT count(*) FROM number;
.dump town
