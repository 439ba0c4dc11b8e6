-- The membership of clusters, as the AdoNet provider of Orleans wants to find it: it reads the queries below by their keys and knows
-- nothing of the tables. A change of membership counts only together with a step of the cluster's version, and the version is compared
-- before it is stepped.
CREATE TABLE cluster_version (
    cluster_id text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE cluster_member (
    cluster_id text NOT NULL REFERENCES cluster_version ON DELETE CASCADE,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer NOT NULL,
    suspect_times text,
    started_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

CREATE TABLE orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL
);

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $$
    WITH added AS (INSERT INTO cluster_version (cluster_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::integer FROM added
$$),
('InsertMembershipKey', $$
    WITH stepped AS (
        UPDATE cluster_version v SET version = version + 1, changed_at = now()
        WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT 1 FROM cluster_member m
            WHERE m.cluster_id = v.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
        RETURNING cluster_id),
    added AS (
        INSERT INTO cluster_member (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
        SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM stepped
        RETURNING 1)
    SELECT count(*)::integer FROM added
$$),
('UpdateMembershipKey', $$
    WITH stepped AS (
        UPDATE cluster_version v SET version = version + 1, changed_at = now()
        WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS (
            SELECT 1 FROM cluster_member m
            WHERE m.cluster_id = v.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
        RETURNING cluster_id),
    changed AS (
        UPDATE cluster_member m SET status = @Status, suspect_times = @SuspectTimes, alive_at = greatest(m.alive_at, @IAmAliveTime)
        FROM stepped s
        WHERE m.cluster_id = s.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
        RETURNING 1)
    SELECT count(*)::integer FROM changed
$$),
('UpdateIAmAlivetimeKey', $$
    UPDATE cluster_member SET alive_at = greatest(alive_at, @IAmAliveTime)
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),
('MembershipReadAllKey', $$
    SELECT v.cluster_id AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
           m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
           m.started_at AS StartTime, m.alive_at AS IAmAliveTime, v.version AS Version
    FROM cluster_version v LEFT JOIN cluster_member m ON m.cluster_id = v.cluster_id
    WHERE v.cluster_id = @DeploymentId
$$),
('MembershipReadRowKey', $$
    SELECT v.cluster_id AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
           m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
           m.started_at AS StartTime, m.alive_at AS IAmAliveTime, v.version AS Version
    FROM cluster_version v LEFT JOIN cluster_member m
        ON m.cluster_id = v.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE v.cluster_id = @DeploymentId
$$),
('GatewaysQueryKey', $$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
    FROM cluster_member WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
$$),
('DeleteMembershipTableEntriesKey', $$
    DELETE FROM cluster_version WHERE cluster_id = @DeploymentId
$$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM cluster_member
    WHERE cluster_id = @DeploymentId AND status = 6 AND alive_at < @IAmAliveTime AND started_at < @IAmAliveTime
        AND coalesce(suspect_times, '') = ''
$$),
('CleanupDefunctSiloEntryKey', $$
    DELETE FROM cluster_member
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND status = 6
        AND started_at = @StartTime AND alive_at = @IAmAliveTime AND coalesce(suspect_times, '') = coalesce(@SuspectTimes, '')
$$);
