namespace AgentBudget.Ledger.Tests;

public sealed class EntryKindsTests
{
    [Fact]
    public void Kinds_EveryMember_HasARowOfItsOwn() =>
        Assert.Equal(Enum.GetValues<EntryKind>(), Enum.GetValues<EntryKind>().Select(kind => EntryKinds.Find(kind)?.Kind ?? default));

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
