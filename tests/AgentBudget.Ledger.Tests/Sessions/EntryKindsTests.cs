using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tests;

public sealed class EntryKindsTests
{
    public static TheoryData<EntryKind> Costs => new(Enum.GetValues<EntryKind>().Where(kind => EntryKinds.Find(kind)!.IsCost));

    [Fact]
    public void Kinds_EveryMember_HasARowOfItsOwn() =>
        Assert.Equal(Enum.GetValues<EntryKind>(), Enum.GetValues<EntryKind>().Select(kind => EntryKinds.Find(kind)?.Kind ?? default));

    [Theory, MemberData(nameof(Costs))]
    public void Cost_OfAnyKind_IsNewsAndIsReportedToTheParent(EntryKind kind)
    {
        var cost = Money.FromNanoDollars(7);
        var entry = new Entry
        {
            Sequence = 2,
            Kind = kind,
            Amount = cost,
            Call = Call.Tool("search"),
        };
        var report = ReportRules.Of(new SessionHead { SessionId = "holder" }, [entry]);
        Assert.True(BetweenFold.IsNews(new SessionHead { SessionId = "holder" }, entry));
        Assert.Equal((cost, cost), (report.SpentUp, report.Breakdown.Total));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void Kind_ThatIsNone_IsALawThatIsBroken(int number)
    {
        var entry = new Entry { Sequence = 7, Kind = (EntryKind)number };
        Assert.Contains(
            "Entry 7",
            Assert.Throws<LedgerLawViolationException>(() => EntryKinds.Of(entry)).Message,
            StringComparison.Ordinal
        );
    }
}
