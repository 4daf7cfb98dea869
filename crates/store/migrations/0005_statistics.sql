-- What the planner is to think of the tables of organizations: many rows an organization, few for
-- what is narrower, fewer where an index holds some rows only. Without it, it takes the
-- organization's number alone for a narrow choice, and walks all its rows. A later ANALYZE would put
-- what it finds in this place.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat)
    SELECT i.tbl, i.idx,
        CASE i.partial WHEN 1 THEN '10000 10000' ELSE '1000000 1000000' END
        || substr(' 1000 100 20 20', 1, CASE i.columns
            WHEN 2 THEN 0 WHEN 3 THEN 5 WHEN 4 THEN 9 WHEN 5 THEN 12 ELSE 15 END)
        || CASE i.is_unique WHEN 1 THEN ' 1' ELSE ' 10' END
    FROM (SELECT t.name AS tbl,
                 -- The primary key of a table without a rowid goes by the table's name.
                 CASE WHEN l.origin = 'pk' AND t.wr = 1 THEN t.name ELSE l.name END AS idx,
                 l.partial, l."unique" AS is_unique,
                 (SELECT count(*) FROM pragma_index_info(l.name)) AS columns
          FROM pragma_table_list t JOIN pragma_index_list(t.name) l
          WHERE t.schema = 'main' AND EXISTS (
              SELECT 1 FROM pragma_table_info(t.name) c
              WHERE c.name = 'organization_no' AND c.pk = 1)) i
    WHERE i.columns BETWEEN 2 AND 6;
ANALYZE sqlite_schema;
