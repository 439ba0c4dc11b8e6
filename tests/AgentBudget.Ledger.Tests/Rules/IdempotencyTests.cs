using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class IdempotencyTests
{
    [Fact]
    public void Key_SameBody_GivesTheFirstAnswerMarkedAsAReplay()
    {
        var shell = Opened("1.00");
        var first = shell.Charge("0.10", key: "k");
        shell.Charge("0.20");
        var again = shell.Charge("0.10", key: "k");
        Assert.Equal(first with { IsReplay = true }, again);
        Assert.Equal(Usd("0.30"), shell.Standing.Spent);
    }

    [Fact]
    public void Key_OtherBody_IsRefused()
    {
        var shell = Opened("1.00");
        shell.Charge("0.10", key: "k");
        Assert.Equal(RefusalReason.KeyConflict, shell.Charge("0.11", key: "k").Reason());
        Assert.Equal(RefusalReason.KeyConflict, shell.Charge("0.10", key: "k", call: Call.Tool("other")).Reason());
        Assert.Equal(Usd("0.10"), shell.Standing.Spent);
    }

    [Fact]
    public void Key_OtherOperation_IsRefused()
    {
        var shell = Opened("1.00");
        shell.TopUp("0.10", key: "k");
        Assert.Equal(RefusalReason.KeyConflict, shell.SetBudget("0.10", key: "k").Reason());
        Assert.Equal(RefusalReason.KeyConflict, shell.Charge("0.10", key: "k").Reason());
        Assert.Equal(RefusalReason.KeyConflict, shell.Close(key: "k").Reason());
    }

    [Fact]
    public void Key_OfARefusal_IsNotBound()
    {
        var shell = Opened("1.00");
        var blocking = shell.Reserve("0.80");
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("0.50", key: "k").Reason());
        shell.Release(blocking.ReservationId);
        Assert.False(shell.Reserve("0.50", key: "k").IsReplay);
        Assert.True(shell.Reserve("0.50", key: "k").IsReplay);
    }

    [Fact]
    public void Key_OfARefusalThatOpenedTheBreaker_IsNotBound()
    {
        var shell = Opened("1.00");
        shell.Charge("0.60");
        shell.Reserve("0.50", key: "k");
        Assert.Null(shell.Last.Key);
        shell.TopUp("1.00");
        Assert.True(shell.Reserve("0.40", key: "k") is { IsGranted: true, IsReplay: false });
    }

    [Fact]
    public void Key_Replayed_StillAnswersAfterPauseAndEnd()
    {
        var shell = Opened("1.00");
        var reserved = shell.Reserve("0.10", key: "k");
        shell.Pause();
        Assert.Equal(reserved with { IsReplay = true }, shell.Reserve("0.10", key: "k"));
        shell.Close();
        Assert.Equal(reserved with { IsReplay = true }, shell.Reserve("0.10", key: "k"));
    }

    [Fact]
    public void Key_Replayed_ExpiresNothingAndWritesNothing()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.10", timeToLive: Seconds(10), key: "k");
        shell.WaitSeconds(60);
        shell.Reserve("0.10", timeToLive: Seconds(10), key: "k");
        Assert.Equal(2, shell.Timeline.Count);
    }

    [Fact]
    public void Key_OfPartialGrant_RepeatsThePart()
    {
        var shell = Opened("1.00");
        shell.Reserve("0.70");
        shell.Reserve("0.50", least: "0.10", key: "k");
        shell.TopUp("9.00");
        Assert.Equal(Usd("0.30"), shell.Reserve("0.50", least: "0.10", key: "k").Amount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("ключ")]
    public void Key_OtherCharacters_AreRefusedAtTheDoor(string key) =>
        Assert.Throws<ArgumentException>(() => new CloseCommand { Key = key }.Validate());

    [Fact]
    public void Key_OfTheBoundsLength_IsTheLongest()
    {
        new CloseCommand { Key = new string('k', Bounds.IdLength) }.Validate();
        Assert.Throws<ArgumentException>(() => new CloseCommand { Key = new string('k', Bounds.IdLength + 1) }.Validate());
    }
}
