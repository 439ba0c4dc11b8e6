using AgentBudget;

namespace Platform;

/// <summary>What the processes have to agree on.</summary>
internal static class Names
{
    public const string Tenant = "acme/research";

    /// <summary>Where the connection string stands: a command line is seen by everybody on the machine.</summary>
    public const string DatabaseVariable = "PLATFORM_DATABASE";

    public const string ClusterId = "platform";

    public static string Database =>
        Environment.GetEnvironmentVariable(DatabaseVariable) ?? throw new InvalidOperationException($"Set {DatabaseVariable}.");

    /// <summary>A session of the tenant.</summary>
    public static string Session(int number) => $"{Tenant}@agent-{number:0000}";

    /// <summary>What a charge costs: never the same, so that a lost one is not made good by one that came twice.</summary>
    public static Money CostOf(int session, int charge) => Money.FromNanoDollars(1_000_003 + (session * 7_919L) + (charge * 104_729L));
}
