namespace AgentBudget.Ledger.Tests.Commands;

/// <summary>What stands for the rest in reports is nobody's name, or the two would be added up.</summary>
public sealed class ReservedNameTests
{
    public static TheoryData<string> Reserved => new(Breakdown.OtherName, TenantSpend.NoName);

    [Theory, MemberData(nameof(Reserved))]
    public void Name_ThatStandsForTheRest_IsRefused(string name)
    {
        AssertRefused(new ChargeCommand { Cost = Money.Zero, Call = Call.Tool(name) });
        AssertRefused(new ChargeCommand { Cost = Money.Zero, Call = Call.Model("gpt-5") with { Agent = name } });
        AssertRefused(Open(new BudgetSessionOptions { Budget = Money.Parse("1"), Agent = name }));
        AssertRefused(
            Open(
                new BudgetSessionOptions
                {
                    Budget = Money.Parse("1"),
                    Tags = new Dictionary<string, string> { ["customer"] = name },
                }
            )
        );

        void AssertRefused(SessionCommand command) =>
            Assert.Contains(
                $"is {name}, which stands",
                Assert.Throws<ArgumentException>(command.Validate).Message,
                StringComparison.Ordinal
            );
    }

    private static OpenCommand Open(BudgetSessionOptions options) => new() { Options = options };
}
