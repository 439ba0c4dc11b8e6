using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>Rules of money hold for every amount that a session may have.</summary>
public sealed class LargeMoneyTests
{
    [Theory]
    [InlineData("999999.999999", "200000.000002")]
    [InlineData("0", "137438.953472")]
    [InlineData("137438.953472", "900000000")]
    [InlineData("137438.953471", "0.000001")]
    public void Memory_SpentSince_IsExact(string before, string spent)
    {
        var memory = new LoopMemory(TimeSpan.FromHours(1));
        var call = new Call
        {
            Kind = CallKind.Tool,
            Name = "read",
            Fingerprint = 1,
        };
        for (var i = 1; i <= 20; i++)
            memory.Add(CallTraits.Of(call, null, LoopPolicy.Default), i, SessionShell.Start, i == 1 ? Money.Zero : Usd(before));
        Assert.Equal(Usd(spent), memory.SpentSince(memory.PlaceOf(0), Usd(before) + Usd(spent)));
        Assert.Equal(Usd(before) + Usd(spent), memory.SpentSince(memory.PlaceOf(19), Usd(before) + Usd(spent)));
    }

    [Fact]
    public void Money_HalfOfALargeBudgetInAMinute_IsWarnedAbout()
    {
        var shell = Opened("1000000", options => options);
        var warnings = new List<LoopEvidence>();
        for (var i = 1; i <= 12; i++)
        {
            var answer = shell.Charge("50000", call: Call.Tool("read", $$"""{"i":{{i}}}"""));
            if (answer.Loop is { } warning)
                warnings.Add(warning);
        }

        Assert.Equal((LoopKind.Spend, Usd("600000")), (Assert.Single(warnings).Rule, warnings[0].Spent));
    }

    [Fact]
    public void Money_CorrectedDownwards_IsNotTakenForSpending()
    {
        var shell = Opened("100", options => options);
        shell.Charge("10", call: Call.Tool("read", """{"i":0}"""));
        var dear = shell.Last.Sequence;
        shell.WaitSeconds(61);
        for (var i = 1; i <= 11; i++)
            Assert.Null(shell.Charge("0", call: Call.Tool("read", $$"""{"i":{{i}}}""")).Loop);
        shell.Run(
            new CorrectCommand
            {
                Key = "correct",
                EntrySequence = dear,
                Difference = Usd("-9"),
                Reason = "a mistake",
            }
        );
        Assert.Equal(Usd("1"), shell.Head.Spent);
        Assert.Null(shell.Charge("0", call: Call.Tool("read", """{"i":12}""")).Loop);
    }
}
