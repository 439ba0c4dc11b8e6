using AgentBudget.Webhooks.Delivering;
using AgentBudget.Webhooks.Endpoints;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Tests.Delivering;

/// <summary>When an endpoint counts as failing, well again, or gone.</summary>
public sealed class EndpointHealthTests
{
    private static readonly PostOutcome Taken = new(200, null, TimeSpan.Zero);
    private static readonly PostOutcome Failed = new(500, "answered 500", TimeSpan.Zero);
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly EndpointHealth health = new(
        new StoredEndpoint
        {
            Id = "one",
            Url = "https://example.com/",
            Secret = "",
        },
        TimeSpan.FromDays(5)
    );

    [Fact]
    public void Endpoint_ThatFailsForDays_IsDisabledWithTheReason()
    {
        Assert.Equal(HealthChange.None, health.Attempted(Failed, Start));
        Assert.Equal(HealthChange.Failing, health.Attempted(Failed, Start.AddMinutes(5)));
        Assert.Equal(HealthChange.None, health.Attempted(Failed, Start.AddDays(4.9)));
        Assert.Equal(WebhookState.Active, health.Endpoint.State);
        Assert.Equal(HealthChange.Disabled, health.Attempted(Failed, Start.AddDays(5)));
        Assert.Equal(WebhookState.Disabled, health.Endpoint.State);
        Assert.Contains("2026-11-29 12:00:00", health.Endpoint.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoint_ThatTakesOneInBetween_BeginsAnew()
    {
        health.Attempted(Failed, Start);
        Assert.Equal(HealthChange.Recovered, health.Attempted(Taken, Start.AddDays(4)));
        Assert.Null(health.Endpoint.FailingSince);
        Assert.Equal(HealthChange.None, health.Attempted(Failed, Start.AddDays(6)));
    }

    [Fact]
    public void Endpoint_ThatMissesOneAmongOthers_IsNeitherFailingNorRecovered()
    {
        Assert.Equal(HealthChange.None, health.Attempted(Failed, Start));
        Assert.Equal(HealthChange.None, health.Attempted(Taken, Start.AddSeconds(1)));
    }

    [Fact]
    public void Endpoint_OfAProcessThatWasOff_IsTriedAsLongAsAnyOtherBeforeItIsDisabled()
    {
        health.Attempted(Failed, Start);
        var started = new EndpointHealth(health.Endpoint, TimeSpan.FromDays(5));
        Assert.NotEqual(HealthChange.Disabled, started.Attempted(Failed, Start.AddDays(6)));
        Assert.NotEqual(HealthChange.Disabled, started.Attempted(Failed, Start.AddDays(10.9)));
        Assert.Equal(HealthChange.Disabled, started.Attempted(Failed, Start.AddDays(11)));
        Assert.Contains("2026-11-29 12:00:00", started.Endpoint.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoint_ThatTakesWhatWasUnderWay_IsLeftAloneForAsLongAsItAsked()
    {
        health.Attempted(Failed with { RetryAfter = TimeSpan.FromMinutes(10) }, Start);
        health.Attempted(Failed with { RetryAfter = TimeSpan.FromMinutes(1) }, Start);
        health.Attempted(Taken, Start.AddSeconds(1));
        Assert.True(health.IsQuiet(Start.AddMinutes(9)));
        Assert.False(health.IsQuiet(Start.AddMinutes(10)));
    }

    [Fact]
    public void Endpoint_ThatIsGone_IsDisabledAtOnce()
    {
        Assert.Equal(HealthChange.Disabled, health.Attempted(Failed with { Status = 410 }, Start));
        Assert.Contains("410", health.Endpoint.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoint_ThatAsksForTime_IsQuietForThatLongAndNeverForMoreThanADay()
    {
        health.Attempted(Failed with { RetryAfter = TimeSpan.FromMinutes(10) }, Start);
        Assert.True(health.IsQuiet(Start.AddMinutes(9)));
        Assert.False(health.IsQuiet(Start.AddMinutes(10)));
        health.Attempted(Failed with { RetryAfter = TimeSpan.FromDays(1_000) }, Start);
        Assert.False(health.IsQuiet(Start.AddHours(24)));
    }
}
