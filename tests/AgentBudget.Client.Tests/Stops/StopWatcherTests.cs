using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentBudget.Client.Sessions;
using AgentBudget.Client.Tests.Ledgers;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentBudget.Client.Tests.Stops;

/// <summary>How watching a session ends. It used to go on for as long as the session lived when nobody disposed the object.</summary>
public sealed class StopWatcherTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_WatcherAndTokenDropped_Ends()
    {
        var questions = new Questions();
        var watching = Drop(questions);
        await questions.AskedAsync();
        await DroppedAsync(questions, watching);
    }

    [Fact]
    public async Task Watch_OnlyTheTokenIsHeld_GoesOnAndFires()
    {
        var questions = new Questions();
        var (token, watching) = DropAllButTheToken(questions);
        await questions.AskedAsync();
        Collect();
        questions.Answer(false);
        await questions.AskedAsync();
        questions.Answer(true);
        await token.FiredAsync();
        await watching.InTimeAsync();
    }

    [Fact]
    public async Task Watch_OnlyALinkedSourceIsHeld_GoesOnAndFires()
    {
        var questions = new Questions();
        using var linked = DropAllButALinkedSource(questions);
        await questions.AskedAsync();
        Collect();
        questions.Answer(false);
        await questions.AskedAsync();
        questions.Answer(true);
        await linked.Token.FiredAsync();
    }

    [Fact]
    public async Task Dispose_Watching_EndsTheWatchAndFiresTheToken()
    {
        var questions = new Questions();
        var watcher = Watcher(questions);
        var token = watcher.Token;
        await questions.AskedAsync();
        watcher.Dispose();
        Assert.True(token.IsCancellationRequested);
        await watcher.Watching.InTimeAsync();
    }

    [Fact]
    public async Task Dispose_ByManyAtOnce_LeavesATokenThatIsGoodAndStartsNoWatch()
    {
        var questions = new Questions();
        var watcher = Watcher(questions);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(watcher.Dispose, Token))).InTimeAsync();
        watcher.Stop(StopReason.Closed);
        Assert.Equal((true, 0, true), (watcher.Token.IsCancellationRequested, questions.Count, watcher.Watching.IsCompleted));
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(watcher.Token);
        Assert.True(linked.IsCancellationRequested);
    }

    [Fact]
    public async Task Session_Disposed_FiresItsToken()
    {
        var session = await ledger.OpenAsync("1.00");
        var stopped = session.StoppedToken;
        await session.DisposeAsync();
        Assert.True(stopped.IsCancellationRequested);
    }

    // Both ran in the flow of the operation that saw the stop: a handler that threw lost its result, one that waited for it never ended.
    [Fact]
    public async Task Stop_HandlerThrowsAndAnotherWaits_OperationIsDone()
    {
        var log = new LogBook();
        var session = await ledger.NewClient(logger: log).OpenAsync("1.00", cancellationToken: Token);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var throwing = session.StoppedToken.Register(() => throw new NotSupportedException("mine"));
        await using var waiting = session.StoppedToken.Register(() => handled.SetResult(closed.Task.Wait(Patience.Limit)));
        Assert.Equal(Money.Zero, (await session.CloseAsync(Token).InTimeAsync()).TotalSpent);
        closed.SetResult();
        Assert.True(await handled.Task.InTimeAsync());
    }

    // The watch ran in the flow of whoever read the token first, and that held the session that was entered there: for ever.
    [Fact]
    public async Task Session_EnteredAndDropped_IsNotWatchedAnyMore()
    {
        var questions = new Questions();
        var session = await EnterAndDropAsync(questions);
        await questions.AskedAsync();
        Collect();
        Assert.False(session.TryGetTarget(out _));
        questions.Answer(false);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<WeakReference<BudgetSession>> EnterAndDropAsync(Questions questions) =>
        Task.Run(() =>
        {
            var session = new AgentBudgetClient(questions.Grains).Get("watched");
            session.Enter();
            _ = session.StoppedToken;
            return new WeakReference<BudgetSession>(session);
        });

    private static StopWatcher Watcher(Questions questions) => new(questions.Grain, TimeProvider.System, NullLogger.Instance);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task Drop(Questions questions)
    {
        var watcher = Watcher(questions);
        _ = watcher.Token;
        return watcher.Watching;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (CancellationToken Token, Task Watching) DropAllButTheToken(Questions questions)
    {
        var watcher = Watcher(questions);
        return (watcher.Token, watcher.Watching);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CancellationTokenSource DropAllButALinkedSource(Questions questions) =>
        CancellationTokenSource.CreateLinkedTokenSource(Watcher(questions).Token, Token);

    private static async Task DroppedAsync(Questions questions, Task watching)
    {
        Collect();
        questions.Answer(false);
        await watching.InTimeAsync();
        Assert.Equal(1, questions.Count);
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>A session that is asked whether it has stopped, and answers when the test does.</summary>
    private sealed class Questions
    {
        private readonly Channel<bool> asked = Channel.CreateUnbounded<bool>();
        private readonly Channel<bool> answers = Channel.CreateUnbounded<bool>();
        private readonly GrainScript script = new();

        public Questions()
        {
            script.Answer(
                nameof(IBudgetSession.WaitForStopAsync),
                async _ =>
                {
                    asked.Writer.TryWrite(true);
                    return await answers.Reader.ReadAsync();
                }
            );
            Grains = GrainProxy.Around(null, script);
            Grain = Grains.GetGrain<IBudgetSession>("watched");
        }

        public IGrainFactory Grains { get; }

        public IBudgetSession Grain { get; }

        public int Count => script.Attempts(nameof(IBudgetSession.WaitForStopAsync));

        public Task<bool> AskedAsync() => asked.Reader.ReadAsync(Token).AsTask().InTimeAsync();

        public void Answer(bool stopped) => answers.Writer.TryWrite(stopped);
    }
}
