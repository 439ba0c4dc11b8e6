namespace AgentBudget.Simulation;

/// <summary>How many carved children a session may have open at once.</summary>
public sealed class CarvedChildrenTests
{
    private readonly Family family = new();

    [Fact]
    public void OpenChild_AtTheBound_IsRefusedUntilOneHasEnded()
    {
        family.Run("p", new OpenCommand { Options = Options(1m) with { CarvedChildren = 2 } });
        Assert.True(Open("a").IsGranted);
        Assert.True(Open("b").IsGranted);
        Assert.Equal(RefusalReason.TooManyChildren, Open("c").Refusal!.Reason);
        family.Run("a", new CloseCommand());
        Assert.True(Open("c").IsGranted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void Validate_ABoundOutOfRange_SaysTheRange(int children)
    {
        var error = Assert.Throws<ArgumentException>((Options(1m) with { CarvedChildren = children }).Validate);
        Assert.Contains("10000", error.Message, StringComparison.Ordinal);
    }

    private static BudgetSessionOptions Options(decimal dollars) => new() { Budget = Money.FromDollars(dollars) };

    private SessionAnswer Open(string child) => family.Run("p", new OpenCarvedChildCommand { Child = child, Options = Options(0.1m) });
}
