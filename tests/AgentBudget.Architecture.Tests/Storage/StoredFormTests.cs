using AgentBudget.Architecture.Tests.Samples;
using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Architecture.Tests.Storage;

/// <summary>What does not stand in columns survives in JSON, property by property.</summary>
public sealed class StoredFormTests : IDisposable
{
    private readonly LedgerJsonWriter writer = new();

    public static TheoryData<Filling> Fillings => new(Enum.GetValues<Filling>());

    [Theory, MemberData(nameof(Fillings))]
    public void Entry_EveryPropertySet_IsReadBackAsItWasWritten(Filling filling)
    {
        var written = Sample.Of<Entry>(filling);
        // A standing is of the entry that it stands after.
        written = written with { After = written.After with { Sequence = written.Sequence } };
        var columns = new Entry
        {
            Sequence = written.Sequence,
            At = written.At,
            Kind = written.Kind,
            Key = written.Key,
            BodyHash = written.BodyHash,
            Amount = written.Amount,
            Requested = written.Requested,
            Related = written.Related,
        };
        var after = written.After;
        var read = LedgerJson.ReadDetail(columns, after.Budget, after.Spent, after.Reserved, writer.Write(written));
        Assert.Empty(Difference.Between(written, read));
    }

    [Theory, MemberData(nameof(Fillings))]
    public void SessionHead_EveryPropertySet_IsReadBackAsItWasWritten(Filling filling)
    {
        var written = Sample.Of<SessionHead>(filling);
        var columns = new SessionHead
        {
            SessionId = written.SessionId,
            Sequence = written.Sequence,
            Budget = written.Budget,
            Spent = written.Spent,
            Reserved = written.Reserved,
            Breaker = written.Breaker,
            End = written.End,
            OpenedAt = written.OpenedAt,
            LastEntryAt = written.LastEntryAt,
            LastActivityAt = written.LastActivityAt,
            EndedAt = written.EndedAt,
            Options = LedgerJson.ReadOptions(LedgerJson.WriteOptions(written.Options)),
        };
        Assert.Empty(Difference.Between(written, LedgerJson.ReadDetail(columns, writer.Write(written))));
    }

    [Theory, MemberData(nameof(Fillings))]
    public void SessionOptions_EveryPropertySet_AreReadBackAsTheyWereWritten(Filling filling)
    {
        var written = Sample.Of<SessionOptions>(filling);
        Assert.Empty(Difference.Between(written, LedgerJson.ReadOptions(LedgerJson.WriteOptions(written))));
    }

    [Theory, MemberData(nameof(Fillings))]
    public void Call_EveryPropertySet_IsReadBackAsItWasWritten(Filling filling)
    {
        var written = Sample.Of<Call>(filling);
        Assert.Empty(Difference.Between(written, LedgerJson.ReadCall(writer.Write(written))));
    }

    [Fact]
    public void Writer_UsedAgain_WritesTheNextAsIfItWereTheFirst()
    {
        var longer = writer.Write(Sample.Of<Entry>(Filling.Full)).Length;
        var written = Sample.Of<Call>(Filling.Sparse);
        var again = writer.Write(written);
        Assert.True(again.Length < longer);
        Assert.Empty(Difference.Between(written, LedgerJson.ReadCall(again)));
    }

    public void Dispose() => writer.Dispose();
}
