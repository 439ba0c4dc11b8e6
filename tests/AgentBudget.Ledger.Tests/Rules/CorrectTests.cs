using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class CorrectTests
{
    // Regression: taking money back from an entry that never moved any was called too large, as if a smaller amount would do.
    [Fact]
    public void Correct_EntryThatMovedNoMoney_IsNotCorrectable()
    {
        var shell = Opened();
        var pause = shell.Pause();
        var reserved = shell.Resume() is { } && shell.Reserve("0.10") is { } answer ? answer : null;

        Assert.Equal(RefusalReason.NotCorrectable, shell.Correct(pause.EntrySequence, "-0.01").Reason());
        Assert.Equal(RefusalReason.NotCorrectable, shell.Correct(reserved!.EntrySequence, "-0.20").Reason());
    }

    // Regression: what had been corrected upwards was summed in 64 bits, and the tenth of the largest corrections threw.
    [Fact]
    public void Correct_UpwardsTimeAndAgain_NeverThrows()
    {
        var shell = Opened("1");
        for (var i = 0; i < 12; i++)
        {
            Assert.True(shell.Correct(1, "999999999").IsGranted);
            Assert.True(shell.SetBudget("1").IsGranted);
        }
    }
}
