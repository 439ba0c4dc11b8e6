using System.Threading.Channels;
using AgentBudget.Client.Tests.Ledgers;

namespace AgentBudget.Client.Tests.Tenants;

/// <summary>Callbacks of a tenant: told of what any client does to it and to those below, in order, and of nobody else.</summary>
public sealed class TenantCallbackTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly Channel<string> told = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task Watch_OfATenant_IsToldOfWhatOthersDoToItInOrder()
    {
        var watched = ledger.NewClient().Tenant("watched");
        await watched.PauseAsync("before anybody watched", cancellationToken: Token);
        await watched.ResumeAsync(cancellationToken: Token);
        var tenant = ledger.Client.Tenant("watched");
        await using var watch = await tenant.WatchAsync(All(), Token);

        await ledger.Client.Tenant("watchedby").PauseAsync("another tenant", cancellationToken: Token);
        var settings = new TenantSettings { TotalLimit = Money.Parse("1.00"), SoftLimits = [0.5m] };
        await watched.SetAsync(settings, by: "ann", cancellationToken: Token);
        await using (var session = await watched.OpenAsync("1.00", cancellationToken: Token))
            await session.ChargeAsync(Call.Model("gpt-5"), Money.Parse("0.60"), Token);
        Assert.Equal("set $1.00 by ann", await NextAsync());
        Assert.Equal("soft $1.00", await NextAsync());
        await watched.PauseAsync("lunch", cancellationToken: Token);
        Assert.Equal("paused lunch", await NextAsync());
        await watched.ResumeAsync(cancellationToken: Token);
        Assert.Equal("resumed", await NextAsync());
    }

    [Fact]
    public async Task Watch_WhoseCallbackThrows_GoesOn()
    {
        var tenant = ledger.Client.Tenant("thrown");
        var callbacks = All() with { OnPaused = _ => throw new InvalidOperationException("The program's own.") };
        await using var watch = await tenant.WatchAsync(callbacks, Token);
        await tenant.PauseAsync(cancellationToken: Token);
        await tenant.ResumeAsync(cancellationToken: Token);
        Assert.Equal("resumed", await NextAsync());
    }

    [Fact]
    public async Task Watch_ThatIsDisposed_CallsNothingAnyMore()
    {
        var tenant = ledger.Client.Tenant("unwatched");
        await using (await tenant.WatchAsync(All(), Token)) { }
        await using var other = await tenant.WatchAsync(new TenantCallbacks { OnResumed = _ => told.Writer.TryWrite("other") }, Token);
        await tenant.PauseAsync(cancellationToken: Token);
        await tenant.ResumeAsync(cancellationToken: Token);
        Assert.Equal("other", await NextAsync());
        Assert.False(told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Watch_WithNothingToCall_IsRefused() =>
        Assert.Contains(
            "OnSoftLimit",
            (
                await Assert.ThrowsAsync<ArgumentException>(() => ledger.Client.Tenant("none").WatchAsync(new TenantCallbacks(), Token))
            ).Message,
            StringComparison.Ordinal
        );

    private TenantCallbacks All() =>
        new()
        {
            OnLimitSet = of => told.Writer.TryWrite($"set {of.Settings.TotalLimit} by {of.By}"),
            OnSoftLimit = of => told.Writer.TryWrite($"soft {of.Limit}"),
            OnExhausted = _ => told.Writer.TryWrite("exhausted"),
            OnPaused = of => told.Writer.TryWrite($"paused {of.Reason}"),
            OnStopped = _ => told.Writer.TryWrite("stopped"),
            OnResumed = _ => told.Writer.TryWrite("resumed"),
        };

    private async Task<string> NextAsync() => await told.Reader.ReadAsync(Token).AsTask().WaitAsync(Patience.Limit, Token);
}
