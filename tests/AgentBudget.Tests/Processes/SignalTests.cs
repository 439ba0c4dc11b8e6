using System.Runtime.InteropServices;

namespace AgentBudget.Tests.Processes;

/// <summary>The program that embeds the budget decides what a signal does and when the process ends; the budget has no say in it.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // Windows has no such signals.
    public static TheoryData<PosixSignal, int> Signals => new() { { PosixSignal.SIGTERM, 128 + 15 }, { PosixSignal.SIGINT, 128 + 2 } };

    [Theory, MemberData(nameof(Signals))]
    public async Task Signal_NobodyHandlesIt_EndsTheProcess(PosixSignal signal, int exitCode)
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var child = await ChildProgram.StartAsync("wait", folder.Path);
        child.Signal(signal);
        Assert.Equal(exitCode, await child.EndAsync());
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task Signal_TheProgramHandlesIt_BudgetGoesOnWorking(PosixSignal signal)
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var child = await ChildProgram.StartAsync("handle", folder.Path);
        child.Signal(signal);
        Assert.Equal(7, await child.EndAsync());
        Assert.Contains($"{signal} $0.10", child.Lines);
    }

    [Fact]
    public async Task End_BudgetNeverStopped_ProcessEndsAndNothingIsLost()
    {
        await using (var child = await ChildProgram.StartAsync("forget", folder.Path))
            Assert.Equal(0, await child.EndAsync());
        await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, TestContext.Current.CancellationToken);
        var report = await budget.Client.Get("session").ReportAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("$0.10", report.TotalSpent.ToString());
    }

    public void Dispose() => folder.Dispose();
}
