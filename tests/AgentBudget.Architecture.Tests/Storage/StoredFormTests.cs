using System.Text;
using AgentBudget.Architecture.Tests.Samples;
using AgentBudget.Orleans.Storage;
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
        written = written with
        {
            After = written.After with { Sequence = written.Sequence },
        };
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
        var written = Sample.Of<BudgetSessionOptions>(filling);
        Assert.Empty(Difference.Between(written, LedgerJson.ReadOptions(LedgerJson.WriteOptions(written))));
    }

    [Theory, MemberData(nameof(Fillings))]
    public void Call_EveryPropertySet_IsReadBackAsItWasWritten(Filling filling)
    {
        var written = Sample.Of<Call>(filling);
        Assert.Empty(Difference.Between(written, LedgerJson.ReadCall(writer.Write(written))));
    }

    // Several fields are left out after one look at all of them: none may need another one to be written.
    [Fact]
    public void Call_OnePropertySet_IsReadBackAsItWasWritten()
    {
        var full = Sample.Of<Call>(Filling.Full);
        foreach (var property in Sample.Settable(typeof(Call)))
        {
            var written = new Call { Name = "" };
            property.SetValue(written, property.GetValue(full));
            Assert.Empty(Difference.Between(written, LedgerJson.ReadCall(writer.Write(written)), property.Name));
        }
    }

    [Fact]
    public void Call_Written_StandsInItsOrder()
    {
        var call = new Call
        {
            Kind = CallKind.Tool,
            Name = "größe",
            Provider = "acme",
            Agent = "helper",
            Fingerprint = 7,
            Usage = new TokenUsage(1_200, 300),
            PriceRow = "row",
            PriceTableVersion = "table",
            Source = CostSource.Estimated,
            Sketch = 5,
        };
        const string expected =
            """{"kind":1,"name":"größe","provider":"acme","agent":"helper","fingerprint":7,"usage":{"input":1200,"output":300}"""
            + ""","price_row":"row","price_table":"table","source":2,"sketch":5}""";
        Assert.Equal(expected, Encoding.UTF8.GetString(writer.Write(call)));
    }

    [Fact]
    public void CategoryTotal_OnePropertySet_IsReadBackAsItWasWritten()
    {
        var full = Sample.Of<CategoryTotal>(Filling.Full);
        foreach (var property in Sample.Settable(typeof(CategoryTotal)))
        {
            var category = new CategoryTotal(CallKind.Model, "", Money.Zero, 0);
            property.SetValue(category, property.GetValue(full));
            var written = new SessionHead { SessionId = "session", Breakdown = Breakdown.From([category]) };
            var read = LedgerJson.ReadDetail(new SessionHead { SessionId = "session" }, writer.Write(written));
            Assert.Empty(Difference.Between(written.Breakdown, read.Breakdown, property.Name));
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(7, 0, 16)] // ,"input_image":7
    [InlineData(7, 9, 33)] // and ,"output_image":9
    public void PackedEntry_WithImages_GrowsByWhatTheyTakeAndGivesThemBack(long input, long output, int bytes)
    {
        var plain = Sample.Of<Entry>(Filling.Sparse) with
        {
            Sequence = 1,
            Call = new Call { Name = "gpt-image-1", Usage = new TokenUsage(10, 10) },
        };
        plain = plain with { After = plain.After with { Sequence = 1 } };
        var drawn = plain with { Call = plain.Call with { Usage = plain.Call.Usage with { InputImage = input, OutputImage = output } } };
        var packed = Pack(drawn);
        Assert.Equal(bytes, packed.Length - Pack(plain).Length);
        Assert.Empty(Difference.Between(drawn, new PackedEntry(packed).ToEntry()));
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

    private byte[] Pack(Entry entry)
    {
        var detail = writer.Write(entry);
        var bytes = new byte[PackedEntry.MaxLengthOf(entry, detail)];
        return bytes[..PackedEntry.Write(bytes, entry, detail)];
    }
}
