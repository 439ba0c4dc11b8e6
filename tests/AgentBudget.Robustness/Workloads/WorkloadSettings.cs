namespace AgentBudget.Robustness.Workloads;

/// <summary>What one client does.</summary>
public sealed record WorkloadSettings
{
    /// <summary>Makes the same choices again. What they lead to depends on timing all the same.</summary>
    public required int Seed { get; init; }

    /// <summary>How many sessions there are, over all clients.</summary>
    public required int Sessions { get; init; }

    /// <summary>How many carved children one parent has open at once, over all clients; 0 for no such parent.</summary>
    public int Children { get; init; }

    /// <summary>How many sessions of tenants there are, over all clients; 0 for none.</summary>
    public int TenantSessions { get; init; }

    /// <summary>How many charges are made besides, over all clients, as fast as they are answered; 0 for none.</summary>
    public int Charges { get; init; }

    /// <summary>Over how long they are spread: who has fallen behind goes as fast as it is answered.</summary>
    public TimeSpan ChargesWithin { get; init; }

    /// <summary>Which client this is, from 0.</summary>
    public required int Client { get; init; }

    /// <summary>How many clients there are. Each session is worked on by two of them at once.</summary>
    public required int Clients { get; init; }

    /// <summary>Operations that this client may have under way at once.</summary>
    public int Workers { get; init; } = 32;

    /// <summary>Operations a second that this client aims at while nothing stalls.</summary>
    public int OperationsPerSecond { get; init; } = 150;

    /// <summary>How long an operation whose outcome is unknown is sent again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>The client's name in histories.</summary>
    public string Name => FormattableString.Invariant($"c{Client}");

    /// <summary>The id of a session.</summary>
    public static string SessionId(int index) => FormattableString.Invariant($"session-{index:0000}");

    /// <summary>The sessions that this client works on.</summary>
    public IEnumerable<int> MySessions() => MyOf(Sessions);

    /// <summary>Of so many of a kind those that this client works on.</summary>
    public IEnumerable<int> MyOf(int count) =>
        Enumerable.Range(0, count).Where(index => index % Clients == Client || (index + 1) % Clients == Client);
}
