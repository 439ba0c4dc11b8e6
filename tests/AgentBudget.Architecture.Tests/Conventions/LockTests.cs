using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>
/// One kind of lock, <see cref="System.Threading.Lock"/>, which the compiler knows and nobody else can take. Where work is awaited a lock
/// cannot be held, and a semaphore stands for it; each has its reason here.
/// </summary>
public sealed partial class LockTests
{
    private const string Semaphore = "SemaphoreSlim";

    private static readonly string[] OtherKinds =
    [
        "Monitor.",
        "SpinLock",
        "SpinWait",
        "ReaderWriterLock",
        "Mutex",
        "ManualResetEvent",
        "AutoResetEvent",
        "MethodImplOptions.Synchronized",
    ];

    // Path, and what is awaited.
    private static readonly Dictionary<string, string> Semaphores = new()
    {
        ["src/silo/AgentBudget.Orleans.PostgreSql/Appending/BatchWriter.cs"] = "two batches at a time go to the server",
        ["src/silo/AgentBudget.Orleans.PostgreSql/Partitions/PartitionDatabase.cs"] = "reads wait for a connection",
        ["src/silo/AgentBudget.Orleans.Sqlite/SqliteReaders.cs"] = "reads wait for a reader of the file",
        ["src/host/AgentBudget.Server/Health/StoreProbe.cs"] = "one question at a time goes to the store",
        ["src/host/AgentBudget.Replay/Replayer.cs"] = "one run at a time is replayed",
    };

    [Fact]
    public void Locks_OfSrc_AreOfOneType()
    {
        var wrong =
            from path in Repository.Files("src", "*.cs")
            let text = Repository.Read(path)
            from match in Taken().Matches(text)
            let name = match.Groups[1].Value.Split('.')[^1]
            where !Regex.IsMatch(text, $@"\bLock {name}\b")
            select $"{path}: {match.Value}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void OtherKindsOfLocks_AreNotInSrc() =>
        Assert.Empty(
            from path in Repository.Files("src", "*.cs")
            let text = Repository.Read(path)
            from kind in OtherKinds
            where text.Contains(kind, StringComparison.Ordinal)
            select $"{path}: {kind}"
        );

    [Fact]
    public void Semaphores_OfSrc_AreThoseWithAReason() =>
        Assert.Equal(
            Semaphores.Keys.Order(StringComparer.Ordinal),
            Repository
                .Files("src", "*.cs")
                .Where(path => Repository.Read(path).Contains(Semaphore, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );

    [GeneratedRegex(@"\block \(([\w.]+)\)")]
    private static partial Regex Taken();
}
