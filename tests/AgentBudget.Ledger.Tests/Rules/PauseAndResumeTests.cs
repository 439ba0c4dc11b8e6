namespace AgentBudget.Ledger.Tests;

public sealed class PauseAndResumeTests
{
    // Regression: nobody could resume, and wrote an entry that said so; both at once could pause.
    [Theory]
    [InlineData(PauseSources.None)]
    [InlineData(PauseSources.Operator | PauseSources.Parent)]
    [InlineData((PauseSources)4)]
    public void PauseAndResume_NotOneSource_AreRefusedAtTheDoor(PauseSources source)
    {
        Assert.Throws<ArgumentException>(() => new PauseCommand { Source = source }.Validate());
        Assert.Throws<ArgumentException>(() => new ResumeCommand { Source = source }.Validate());
    }
}
