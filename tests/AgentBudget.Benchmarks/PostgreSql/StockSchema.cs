namespace AgentBudget.Benchmarks.PostgreSql;

/// <summary>What the ADO.NET grain storage of Orleans needs of PostgreSQL: a table, and the queries that it looks up by their
/// keys.</summary>
internal static class StockSchema
{
    public const string Sql = """
        CREATE TABLE grain_state (
            id_hash integer NOT NULL, n0 bigint NOT NULL, n1 bigint NOT NULL, type_hash integer NOT NULL, type_name text NOT NULL,
            extension text, service_id text NOT NULL, payload bytea, modified_at timestamptz NOT NULL DEFAULT now(), version integer NOT NULL);
        CREATE INDEX grain_state_by_id ON grain_state (id_hash, type_hash);
        CREATE TABLE orleansquery (querykey text PRIMARY KEY, querytext text NOT NULL);

        CREATE FUNCTION write_state(
            a_hash integer, a_n0 bigint, a_n1 bigint, a_type_hash integer, a_type text, an_extension text, a_service text, a_version integer, a_payload bytea)
        RETURNS integer LANGUAGE plpgsql AS $f$
        DECLARE
            written integer;
        BEGIN
            IF a_version IS NOT NULL THEN
                UPDATE grain_state SET payload = a_payload, modified_at = now(), version = version + 1
                WHERE id_hash = a_hash AND type_hash = a_type_hash AND n0 = a_n0 AND n1 = a_n1 AND type_name = a_type
                    AND extension IS NOT DISTINCT FROM an_extension AND service_id = a_service AND version = a_version
                RETURNING version INTO written;
            ELSE
                INSERT INTO grain_state (id_hash, n0, n1, type_hash, type_name, extension, service_id, payload, version)
                SELECT a_hash, a_n0, a_n1, a_type_hash, a_type, an_extension, a_service, a_payload, 1
                WHERE NOT EXISTS (
                    SELECT 1 FROM grain_state WHERE id_hash = a_hash AND type_hash = a_type_hash AND n0 = a_n0 AND n1 = a_n1
                        AND type_name = a_type AND extension IS NOT DISTINCT FROM an_extension AND service_id = a_service)
                RETURNING version INTO written;
            END IF;
            RETURN coalesce(written, a_version);
        END $f$;

        INSERT INTO orleansquery VALUES
        ('WriteToStorageKey', $q$
            SELECT write_state(@GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
                @GrainStateVersion, @PayloadBinary) AS NewGrainStateVersion
        $q$),
        ('ReadFromStorageKey', $q$
            SELECT payload AS PayloadBinary, now() AS ModifiedOn, version AS Version FROM grain_state
            WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND type_name = @GrainTypeString
                AND extension IS NOT DISTINCT FROM @GrainIdExtensionString AND service_id = @ServiceId
        $q$),
        ('ClearStorageKey', 'SELECT 0 AS NewGrainStateVersion'),
        ('DeleteStorageKey', 'SELECT 0 AS NewGrainStateVersion');
        """;
}
