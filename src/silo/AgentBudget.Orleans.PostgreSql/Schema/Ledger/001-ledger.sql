-- What of a session never changes once it is open. A number stands for the id in every other table.
CREATE TABLE ledger (
    no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ledger_id text COLLATE "C" NOT NULL UNIQUE,
    tenant text COLLATE "C",
    opened_at bigint NOT NULL DEFAULT 0,
    options text
);
CREATE INDEX ledger_tenant ON ledger (tenant, ledger_id) WHERE tenant IS NOT NULL;

-- One row a session, rewritten by every append. Half of each page stays free and no indexed column changes as a rule, so that the new
-- row stands on the old one's page and no index is touched. Sequence 0: the number was given, but nothing was ever written.
CREATE TABLE ledger_head (
    ledger_no bigint PRIMARY KEY,
    life bigint NOT NULL,
    sequence bigint NOT NULL,
    append_id bigint NOT NULL,
    budget_nano_usd bigint NOT NULL,
    spent_nano_usd bigint NOT NULL,
    reserved_nano_usd bigint NOT NULL,
    last_entry_at bigint NOT NULL,
    last_activity_at bigint NOT NULL,
    ended_at bigint,
    due_at bigint NOT NULL,
    open_reason smallint NOT NULL,
    paused_by smallint NOT NULL,
    end_reason smallint NOT NULL,
    detail text NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ledger_head_due ON ledger_head (due_at);

-- The timeline. Rows are added and never edited. Both fences of an entry lead with the session, so that a charge touches the pages of
-- active sessions alone, however large the table is.
CREATE TABLE entry (
    ledger_no bigint NOT NULL,
    sequence bigint NOT NULL,
    at bigint NOT NULL,
    body_hash bigint NOT NULL,
    amount_nano_usd bigint NOT NULL,
    requested_nano_usd bigint NOT NULL,
    related bigint NOT NULL,
    budget_after_nano_usd bigint NOT NULL,
    spent_after_nano_usd bigint NOT NULL,
    reserved_after_nano_usd bigint NOT NULL,
    key_hash bigint,
    kind smallint NOT NULL,
    is_looked_up boolean NOT NULL,
    key text,
    detail text NOT NULL
);
CREATE UNIQUE INDEX entry_by_sequence ON entry (ledger_no, sequence);
CREATE UNIQUE INDEX entry_by_key ON entry (ledger_no, key_hash) WHERE key IS NOT NULL;
CREATE INDEX entry_by_related ON entry (ledger_no, related) WHERE is_looked_up;

-- Rows beside the timeline, whole, for the entries that made them may have been trimmed: open reservations, and holders of the ledger's
-- money. What is open stands together and is loaded with the ledger; what is closed is looked up by its name and life.
CREATE TABLE side_row (
    ledger_no bigint NOT NULL,
    number bigint NOT NULL,
    life bigint NOT NULL,
    reserved_nano_usd bigint NOT NULL,
    at bigint NOT NULL,
    kind smallint NOT NULL,
    is_open boolean NOT NULL,
    name text COLLATE "C",
    detail text NOT NULL,
    PRIMARY KEY (ledger_no, is_open, kind, number)
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX side_row_by_name ON side_row (ledger_no, name, life) WHERE name IS NOT NULL;

-- The feed: for each batch with events a row that says which ledgers and entries of it have some. A batch adds its row to what has
-- arrived, and locks nothing that others need; whoever reads the feed numbers what has arrived by then. So positions have no gaps, a row
-- that is committed late gets a later one, and rows of one ledger, each of which was committed before the next was written, keep their
-- order, whatever other transactions are open in the server.
CREATE TABLE feed_arrival (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL,
    at bigint NOT NULL,
    ranges bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE TABLE feed (
    position bigint PRIMARY KEY,
    batch_id bigint NOT NULL,
    at bigint NOT NULL,
    ranges bytea NOT NULL
);
CREATE TABLE feed_end (
    position bigint NOT NULL,
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
);
INSERT INTO feed_end (position) VALUES (0);
CREATE TABLE feed_consumer (
    name text COLLATE "C" PRIMARY KEY,
    place text NOT NULL,
    position bigint NOT NULL,
    saved_at bigint NOT NULL,
    epoch bigint NOT NULL
);

-- What goes out, as whoever sends it keeps it: endpoints, deliveries that wait for another attempt, a log.
CREATE TABLE delivery (
    list text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (list, name)
) WITH (autovacuum_vacuum_scale_factor = 0.02);

-- Numbers what has arrived, at most so many rows; one at a time. Gives how many it numbered.
CREATE FUNCTION number_feed(most bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    before bigint;
    numbered bigint;
BEGIN
    -- Each statement sees what was committed before it began: what waited here sees what the one before it did.
    SELECT position INTO before FROM feed_end FOR UPDATE;
    WITH taken AS (
        DELETE FROM feed_arrival WHERE id IN (SELECT id FROM feed_arrival ORDER BY id LIMIT most) RETURNING *)
    INSERT INTO feed SELECT before + row_number() OVER (ORDER BY id), batch_id, at, ranges FROM taken;
    GET DIAGNOSTICS numbered = ROW_COUNT;
    IF numbered > 0 THEN
        UPDATE feed_end SET position = before + numbered;
    END IF;
    RETURN numbered;
END $$;

-- Sessions whose head is gone and whose entries are being deleted piece by piece.
CREATE TABLE purge_queue (ledger_no bigint PRIMARY KEY);

-- Which part of which ledger this database is.
CREATE TABLE ledger_partition (
    ledger_id uuid NOT NULL,
    partition_index integer NOT NULL,
    partition_count integer NOT NULL,
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
);

CREATE FUNCTION ticks_to_time(ticks bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE
    RETURN timestamptz 'epoch' + make_interval(secs => (ticks - 621355968000000000) / 10000000.0);

CREATE VIEW timeline AS
    SELECT l.ledger_id, l.tenant, e.sequence, ticks_to_time(e.at) AS at, e.kind, e.key, e.amount_nano_usd, e.related,
           e.budget_after_nano_usd, e.spent_after_nano_usd, e.reserved_after_nano_usd, e.detail::json AS detail
    FROM entry e JOIN ledger l ON l.no = e.ledger_no;

-- Gives numbers to sessions that have none. Losing a number in a crash loses nothing, so the disk is not waited for.
CREATE FUNCTION number_ledgers(ids text[]) RETURNS TABLE (id text, ledger_no bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    WITH numbered AS (
        INSERT INTO ledger (ledger_id) SELECT DISTINCT unnest(ids) ORDER BY 1 ON CONFLICT DO NOTHING RETURNING no)
    INSERT INTO ledger_head
        SELECT no, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 3155378975999999999, 0, 0, 0, '' FROM numbered;
    RETURN QUERY SELECT l.ledger_id, l.no FROM ledger l WHERE l.ledger_id = ANY (ids);
END $$;

-- Writes one batch, all of it or nothing. Numbers travel packed, so many for each row, because taking apart one array costs less than
-- ten; what may be missing is 0. A head that is not of the life or not at the sequence which its writer expects fails the batch with
-- AB001: the writer then looks which one it was. A row beside a timeline stands at most once in put, moved and removed together, but for
-- one that is put as closed: then what is removed is the open one.
--   heads:   ledger_no, life, expected, sequence, append_id, budget, spent, reserved, last_entry_at, last_activity_at, ended_at,
--            due_at (0: keep), open_reason, paused_by, end_reason
--   entries: ledger_no, sequence, at, body_hash, amount, requested, related, budget, spent, reserved, key_hash, kind, is_looked_up
--   opened:  ledger_no, opened_at;  put: ledger_no, number, life, reserved, at, kind, is_open
--   moved:   ledger_no, kind, number, at;  removed: ledger_no, kind, number
CREATE FUNCTION append_batch(
    heads bigint[], head_details text[], entries bigint[], entry_keys text[], entry_details text[],
    opened bigint[], opened_tenants text[], opened_options text[],
    put bigint[], put_names text[], put_details text[], moved bigint[], removed bigint[],
    feed_batch_id bigint, feed_at bigint, feed_ranges bytea) RETURNS void
LANGUAGE plpgsql
SET search_path FROM CURRENT
-- The plan is known: each row is found by its key. Left to itself the planner may scan the table for a large batch.
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
AS $$
DECLARE
    written bigint;
BEGIN
    UPDATE ledger_head h SET
        life = heads[r.i * 15 - 13],
        sequence = heads[r.i * 15 - 11],
        append_id = heads[r.i * 15 - 10],
        budget_nano_usd = heads[r.i * 15 - 9],
        spent_nano_usd = heads[r.i * 15 - 8],
        reserved_nano_usd = heads[r.i * 15 - 7],
        last_entry_at = heads[r.i * 15 - 6],
        last_activity_at = heads[r.i * 15 - 5],
        ended_at = nullif(heads[r.i * 15 - 4], 0),
        due_at = coalesce(nullif(heads[r.i * 15 - 3], 0), h.due_at),
        open_reason = heads[r.i * 15 - 2],
        paused_by = heads[r.i * 15 - 1],
        end_reason = heads[r.i * 15],
        detail = r.detail
    FROM unnest(head_details) WITH ORDINALITY AS r (detail, i)
    WHERE h.ledger_no = heads[r.i * 15 - 14] AND h.sequence = heads[r.i * 15 - 12] AND (h.life = heads[r.i * 15 - 13] OR h.sequence = 0);
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(head_details) THEN
        RAISE EXCEPTION 'a head is not at the expected sequence' USING ERRCODE = 'AB001';
    END IF;

    INSERT INTO entry (ledger_no, sequence, at, body_hash, amount_nano_usd, requested_nano_usd, related, budget_after_nano_usd,
                       spent_after_nano_usd, reserved_after_nano_usd, key_hash, kind, is_looked_up, key, detail)
    SELECT entries[r.i * 13 - 12], entries[r.i * 13 - 11], entries[r.i * 13 - 10], entries[r.i * 13 - 9], entries[r.i * 13 - 8],
           entries[r.i * 13 - 7], entries[r.i * 13 - 6], entries[r.i * 13 - 5], entries[r.i * 13 - 4], entries[r.i * 13 - 3],
           entries[r.i * 13 - 2], entries[r.i * 13 - 1], entries[r.i * 13] <> 0, r.key, r.detail
    FROM unnest(entry_keys, entry_details) WITH ORDINALITY AS r (key, detail, i);

    IF cardinality(opened) > 0 THEN
        UPDATE ledger l SET opened_at = opened[r.i * 2], tenant = r.tenant, options = r.options
        FROM unnest(opened_tenants, opened_options) WITH ORDINALITY AS r (tenant, options, i)
        WHERE l.no = opened[r.i * 2 - 1];
    END IF;

    IF cardinality(put) > 0 THEN
        INSERT INTO side_row AS s (ledger_no, number, life, reserved_nano_usd, at, kind, is_open, name, detail)
        SELECT put[r.i * 7 - 6], put[r.i * 7 - 5], put[r.i * 7 - 4], put[r.i * 7 - 3], put[r.i * 7 - 2], put[r.i * 7 - 1],
               put[r.i * 7] <> 0, r.name, r.detail
        FROM unnest(put_names, put_details) WITH ORDINALITY AS r (name, detail, i)
        ON CONFLICT (ledger_no, is_open, kind, number) DO UPDATE SET
            life = excluded.life, reserved_nano_usd = excluded.reserved_nano_usd, at = excluded.at, name = excluded.name,
            detail = excluded.detail;
    END IF;

    IF cardinality(moved) > 0 THEN
        UPDATE side_row s SET at = moved[i * 4]
        FROM generate_series(1, cardinality(moved) / 4) AS i
        WHERE s.ledger_no = moved[i * 4 - 3] AND s.is_open AND s.kind = moved[i * 4 - 2]::smallint AND s.number = moved[i * 4 - 1];
    END IF;

    IF cardinality(removed) > 0 THEN
        DELETE FROM side_row s USING generate_series(1, cardinality(removed) / 3) AS i
        WHERE s.ledger_no = removed[i * 3 - 2] AND s.is_open AND s.kind = removed[i * 3 - 1]::smallint AND s.number = removed[i * 3];
    END IF;

    IF length(feed_ranges) > 0 THEN
        INSERT INTO feed_arrival (batch_id, at, ranges) VALUES (feed_batch_id, feed_at, feed_ranges);
    END IF;
END $$;
