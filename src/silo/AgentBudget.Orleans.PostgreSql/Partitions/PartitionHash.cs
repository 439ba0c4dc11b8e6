namespace AgentBudget.Orleans.PostgreSql.Partitions;

/// <summary>Which partition a session stands in.</summary>
internal static class PartitionHash
{
    /// <summary>
    /// The ledger's own stable 64-bit hash of the id (<see cref="BodyHash.Of"/>, mixed by SplitMix64, over the UTF-16 units of the id),
    /// modulo the number of partitions. Sessions are found by it for as long as they are kept: it must never change.
    /// </summary>
    public static int PartitionOf(string ledgerId, int partitions) => (int)(BodyHash.Of(ledgerId) % (ulong)partitions);
}
