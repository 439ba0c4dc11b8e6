using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;
using FakeProvider;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>What came of a call: the rows of the timeline, what the provider saw and bills, and what the caller got.</summary>
public sealed record Outcome(string Rows, int Calls, Money Settled, Money Billed, CostSource? Source, string? Answer, Exception? Thrown)
{
    /// <summary>What was thrown, and what that stands on.</summary>
    public IEnumerable<Exception> Chain => ChainOf(Thrown);

    public static IEnumerable<Exception> ChainOf(Exception? thrown)
    {
        for (var next = thrown; next is not null; next = next.InnerException)
            yield return next;
    }
}

/// <summary>What every way in must do: each gate brings a way into one situation, and says what came of it.</summary>
internal sealed class Gate(string name, string budget, Script script, Func<Gate.Stage, Task<string?>> run)
{
    private const int Cap = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static readonly Gate Allow = new("ALLOW", "1.00", Script.Normal with { ReasoningTokens = 30 }, stage => stage.AskAsync());

    public static readonly Gate Deny = new("DENY", "0.0001", Script.Normal, stage => stage.AskAsync());

    public static readonly Gate DenyStream = new("DENY, a stream", "0.0001", Script.Normal, stage => stage.StreamAsync());

    public static readonly Gate Stream = new("STREAM", "1.00", Script.Normal with { ReasoningTokens = 30 }, StreamByGateAsync);

    public static readonly Gate Cut = new(
        "CUT",
        "5.00",
        Script.OfTokens(500) with
        {
            CutAfterBytes = 5_000,
            CutsInOrder = true,
        },
        stage => stage.StreamAsync()
    );

    public static readonly Gate Retry = new("RETRY", "1.00", Script.Normal, RetryAsync);

    public static readonly Gate ProviderError = new("PROVIDER_ERROR", "1.00", Script.Error(400), stage => stage.AskAsync());

    public static readonly Gate GatewayTimeout = new("no answer: 504", "1.00", Script.Error(504, 0), stage => stage.AskAsync());

    public static readonly Gate Cancel = new("CANCEL", "1.00", Script.OfTokens(500) with { Hangs = true }, CancelAsync);

    public static readonly Gate CancelStream = new("CANCEL, a stream", "5.00", Script.OfTokens(500), CancelStreamAsync);

    public static readonly Gate GiveUpStream = new("a stream given up", "5.00", Script.OfTokens(500), GiveUpStreamAsync);

    public static readonly Gate ToolLoop = new(
        "TOOL_LOOP",
        "5.00",
        Script.Normal with
        {
            Pieces = ["{\"query\":", "\"hard limits\"}"],
        },
        ToolLoopAsync
    );

    public static readonly IReadOnlyList<Gate> All =
    [
        Allow,
        Deny,
        DenyStream,
        Stream,
        Cut,
        Retry,
        ProviderError,
        GatewayTimeout,
        Cancel,
        CancelStream,
        GiveUpStream,
        ToolLoop,
    ];

    public string Name => name;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task<Outcome> RunAsync(SharedLedger ledger, Way way)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        provider.Always = script;
        await using var session = await ledger.OpenAsync(budget);
        var stage = new Stage(way, provider, session);
        string? answer = null;
        Exception? thrown = null;
        try
        {
            answer = await run(stage).WaitAsync(Patience, Stop);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            thrown = exception;
        }

        var rows = await session.RowsAsync();
        var source = (await session.EntriesAsync(EntryKind.Settled)).LastOrDefault()?.Call!.Source;
        return new(rows, provider.Calls.Count, await session.SpentAsync(), await provider.BillAsync(), source, answer, thrown);
    }

    // The provider sends its second piece when the reader has the first, and its end when the reader has all.
    private static async Task<string?> StreamByGateAsync(Stage stage)
    {
        var read = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToArray();
        stage.Provider.Always = stage.Provider.Always with
        {
            Before = (piece, gone) => piece > 0 ? read[piece - 1].Task.WaitAsync(Patience, gone) : Task.CompletedTask,
        };
        var text = "";
        var count = 0;
        await foreach (var piece in stage.Pieces(Stop))
        {
            text += piece;
            if (piece.Length > 0)
                read[count++].SetResult();
        }

        return text;
    }

    private static async Task<string?> RetryAsync(Stage stage)
    {
        stage.Provider.Next(Script.Error(429, retryAfterSeconds: 0), Script.Error(500));
        for (var attempts = 0; ; attempts += stage.Way.Attempts)
        {
            try
            {
                return await stage.AskAsync();
            }
            catch (HttpRequestException) when (attempts + stage.Way.Attempts < 3)
            {
                // A program without an SDK tries again by itself.
            }
        }
    }

    private static async Task<string?> CancelAsync(Stage stage)
    {
        var came = new TaskCompletionSource();
        stage.Provider.Always = stage.Provider.Always with
        {
            Before = (_, _) =>
            {
                came.TrySetResult();
                return Task.CompletedTask;
            },
        };
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var asked = stage.AskAsync(cancelled.Token);
        await came.Task.WaitAsync(Patience, Stop);
        await cancelled.CancelAsync();
        return await asked;
    }

    private static async Task<string?> CancelStreamAsync(Stage stage)
    {
        stage.StandStillAtTheThirdPiece();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await foreach (var piece in stage.Pieces(cancelled.Token))
        {
            if (piece.Length > 0)
                await cancelled.CancelAsync();
        }

        return null;
    }

    // Whoever breaks off a loop disposes the stream, and waits for nothing.
    private static async Task<string?> GiveUpStreamAsync(Stage stage)
    {
        stage.StandStillAtTheThirdPiece();
        await foreach (var piece in stage.Pieces(Stop))
        {
            if (piece.Length > 0)
                break;
        }

        return null;
    }

    // Who goes on all the same is refused before anything is sent.
    private static async Task<string?> ToolLoopAsync(Stage stage)
    {
        stage.Provider.Always = stage.Provider.Always with { Tool = stage.Way.Tool };
        try
        {
            return await stage.Way.LoopAsync(stage.Session, stage.Provider.Address, Cap, Stop);
        }
        finally
        {
            var turns = stage.Provider.Calls.Count;
            var refused = await Record.ExceptionAsync(() => stage.AskAsync());
            Assert.True(
                Outcome.ChainOf(refused).Any(exception => exception is LoopDetectedException),
                $"{stage.Way}: {refused?.Message ?? "asked"}, {await stage.Session.RowsAsync()}"
            );
            Assert.Equal(turns, stage.Provider.Calls.Count);
        }
    }

    /// <summary>A way in, before a provider and under a budget.</summary>
    internal sealed record Stage(Way Way, LoopbackProvider Provider, BudgetSession Session)
    {
        public async Task<string?> AskAsync(CancellationToken? cancellationToken = null) =>
            await Way.AskAsync(Session, Provider.Address, Cap, cancellationToken ?? Stop);

        public async Task<string?> StreamAsync() => string.Concat(await Pieces(Stop).ToListAsync(Stop));

        public IAsyncEnumerable<string> Pieces(CancellationToken cancellationToken) =>
            Way.StreamAsync(Session, Provider.Address, Cap, cancellationToken);

        public void StandStillAtTheThirdPiece() =>
            Provider.Always = Provider.Always with
            {
                Before = (piece, gone) => piece < 3 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, gone),
            };
    }
}
