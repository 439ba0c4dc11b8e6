namespace AgentBudget.Ledger.Tenants;

/// <summary>The ledgers of tenants: their ids, and that they have one life, for they never end.</summary>
internal static class TenantLedgers
{
    /// <summary>What no session's id begins with.</summary>
    public const char Mark = '~';

    /// <summary>The one life of a tenant's ledger.</summary>
    public const long Life = 1;

    public static string IdOf(TenantPath path) => $"{Mark}{path}";

    public static bool IsId(string ledgerId) => ledgerId.Length > 0 && ledgerId[0] == Mark;

    public static TenantPath PathOf(string ledgerId) => TenantPath.Parse(ledgerId[1..]);
}
