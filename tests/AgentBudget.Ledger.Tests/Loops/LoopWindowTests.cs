using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class LoopWindowTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public void Window_AMillionCalls_StaysBounded()
    {
        var window = new LoopWindow();
        var at = SessionShell.Start;
        for (var i = 1; i <= 100_000; i++) window.Add(Numbered(i), null, at, Day);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000_000; i++) window.Add(Shared, null, at, Day);

        Assert.Equal(Bounds.LoopCalls, window.Count);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1024, "a full window allocates");
    }

    [Fact]
    public void Window_TheLargestThreshold_CanBeMet()
    {
        var window = new LoopWindow();
        var rule = new LoopRule { Calls = Bounds.LoopCalls, Window = Day };
        for (var i = 0; i < 10; i++) window.Add(Numbered(i + 2), null, SessionShell.Start, Day);
        for (var i = 1; i < Bounds.LoopCalls; i++)
        {
            Assert.Null(window.Check(Shared, null, rule, SessionShell.Start));
            window.Add(Shared, null, SessionShell.Start, Day);
        }

        Assert.Equal(Bounds.LoopCalls, window.Check(Shared, null, rule, SessionShell.Start)!.Count);
    }

    [Fact]
    public void Window_CallsOutOfTheLongestWindow_AreForgotten()
    {
        var window = new LoopWindow();
        for (var i = 0; i < 100; i++) window.Add(Shared, null, SessionShell.Start + Seconds(i), Seconds(10));
        Assert.Equal(10, window.Count);
    }

    [Fact]
    public void Session_ManyCallsOfManyTools_KeepsNothingPerCall()
    {
        var ledger = SessionLedger.New("s-1");
        var now = SessionShell.Start;
        ledger.Execute(new OpenCommand { Options = new SessionOptions { Budget = Usd("1000000") } }, LookUps.None, now);
        for (var i = 1; i <= 20_000; i++)
        {
            var call = Numbered(i) with { Name = $"tool-{i}" };
            var reserved = ledger.Execute(new ReserveCommand { Amount = Usd("0.01"), Call = call }, LookUps.None, now).Answer.ReservationId;
            ledger.Execute(new SettleCommand { ReservationId = reserved, Cost = Usd("0.01") }, LookUps.None, now);
        }

        Assert.Empty(ledger.OpenReservations);
        Assert.Equal(Bounds.Categories + 1, ledger.Head.Breakdown.Categories.Count);
        Assert.Equal((Usd("200"), 20_000L), ledger.Head.Breakdown.Sum(CallKind.Tool));
    }

    private static Call Shared { get; } = new() { Kind = CallKind.Tool, Name = "search", Fingerprint = 1 };

    private static Call Numbered(int number) => new() { Kind = CallKind.Tool, Name = "read", Fingerprint = (ulong)number };
}
