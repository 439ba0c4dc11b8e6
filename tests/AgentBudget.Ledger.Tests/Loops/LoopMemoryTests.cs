using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class LoopMemoryTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public void Memory_AMillionCalls_StaysBounded()
    {
        var memory = new LoopMemory(Day);
        for (var i = 1; i <= 10_000; i++)
        {
            Add(memory, i, (ulong)i);
            memory.SetResult(i, 7, failed: false);
        }

        var traits = Enumerable.Range(1, 1000).Select(i => CallTraits.Of(Numbered(i, null), null, LoopPolicy.Default)).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 10_001; i <= 1_000_000; i++)
        {
            memory.Add(traits[i % traits.Length], i, SessionShell.Start, Money.Zero);
            memory.SetResult(i, 7, failed: false);
        }

        Assert.Equal(Bounds.LoopMemory, memory.Count);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1024, "a full memory allocates");
    }

    [Fact]
    public void Session_AMillionCallsOfManyAgents_KeepsNoMoreThanTheLast()
    {
        var memory = new LoopMemory(Day);
        for (var i = 1; i <= 1_000_000; i++)
            Add(memory, i, (ulong)(i % 7) + 1, agent: $"agent {i % 3000}");
        Assert.Equal(Bounds.LoopMemory, memory.Count);
        var scopes = Enumerable.Range(0, memory.Count).Select(back => memory.At(memory.PlaceOf(back)).Scope).Distinct().Count();
        Assert.Equal(Bounds.LoopMemory, scopes);
    }

    [Fact]
    public void Memory_CallsOutOfTheLongestWindow_AreForgotten()
    {
        var memory = new LoopMemory(Seconds(10));
        for (var i = 1; i <= 100; i++)
            Add(memory, i, 1, at: i);
        Assert.Equal(10, memory.Count);
    }

    [Fact]
    public void Memory_EntriesThatAnActivationWouldNotRead_AreForgotten()
    {
        var memory = new LoopMemory(Day);
        for (var i = 1; i <= 3; i++)
            Add(memory, i, 1);
        Add(memory, Bounds.LoopEntries + 2, 1);
        Assert.Equal(2, memory.Count);
    }

    [Fact]
    public void Memory_SpentSince_IsKeptToTheMicroDollar()
    {
        var memory = new LoopMemory(Day);
        memory.Add(CallTraits.Of(Numbered(1, null), null, LoopPolicy.Default), 1, SessionShell.Start, Usd("123456.7"));
        Assert.Equal(Usd("1.000002"), memory.SpentSince(memory.PlaceOf(0), Usd("123457.700002999")));
    }

    [Fact]
    public void Rule_TheLargestCount_CanBeMet()
    {
        var only = LoopScenarioTests.Only(policy =>
            policy with
            {
                Rule = new LoopRule
                {
                    Calls = Bounds.LoopCalls,
                    WarnAt = 0,
                    Window = Day,
                },
            }
        );
        var shell = Opened("100", options => options with { Loops = only });
        var call = Call.Tool("t", "{}");
        for (var i = 1; i < Bounds.LoopCalls; i++)
            Assert.Equal(EntrySignals.None, shell.Charge("0", call: call).Signals);
        Assert.Equal(Bounds.LoopCalls, shell.Reserve("0", call: call).Refusal!.Loop!.Count);
    }

    [Fact]
    public void Session_ManyCallsOfManyTools_KeepsNothingPerCall()
    {
        var ledger = SessionLedger.New("s-1");
        var now = SessionShell.Start;
        ledger.Execute(new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd("1000000") } }, LookUps.None, now);
        for (var i = 1; i <= 20_000; i++)
        {
            var call = Numbered(i, null) with { Name = $"tool-{i}" };
            var reserved = ledger.Execute(new ReserveCommand { Amount = Usd("0.01"), Call = call }, LookUps.None, now).Answer.ReservationId;
            ledger.Execute(new SettleCommand { ReservationId = reserved, Cost = Usd("0.01") }, LookUps.None, now);
        }

        Assert.Empty(ledger.OpenReservations);
        Assert.Equal(Bounds.Categories + 1, ledger.Head.Breakdown.Categories.Count);
        Assert.Equal((Usd("200"), 20_000L), ledger.Head.Breakdown.Sum(CallKind.Tool));
    }

    private static Call Numbered(int number, string? agent) =>
        new()
        {
            Kind = CallKind.Tool,
            Name = "read",
            Fingerprint = (ulong)number,
            Agent = agent,
        };

    private static void Add(LoopMemory memory, int sequence, ulong fingerprint, string? agent = null, int at = 0) =>
        memory.Add(
            CallTraits.Of(Numbered((int)fingerprint, agent), null, LoopPolicy.Default),
            sequence,
            SessionShell.Start + Seconds(at),
            Money.Zero
        );
}
