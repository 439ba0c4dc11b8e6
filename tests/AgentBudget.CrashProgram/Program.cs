using System.Globalization;
using System.Runtime.InteropServices;
using AgentBudget;
using AgentBudget.CrashProgram;

// A program that embeds a budget, for the tests that kill it, signal it, or watch it end. First argument: what to do; second: the folder.
var folder = args[1];
switch (args[0])
{
    case "load":
        await new Load(int.Parse(args[2], CultureInfo.InvariantCulture)).RunAsync(folder);
        return 0;
    case "hold":
        await using (await EmbeddedAgentBudget.StartAsync(folder))
        {
            Say("READY");
            await Console.In.ReadLineAsync();
        }

        return 0;
    case "forget":
        var forgotten = await EmbeddedAgentBudget.StartAsync(folder);
        await (await forgotten.OpenAsync("1.00", "session")).TrackAsync(0, "search", "0.10");
        Say("READY");
        // Neither stopped nor disposed: the process ends all the same.
        return 0;
    case "wait":
        await EmbeddedAgentBudget.StartAsync(folder);
        Say("READY");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    case "handle":
        return await HandleAsync();
    case "take-up":
        return await TakeUpAsync();
    default:
        return 64;
}

// The program decides what a signal does: it goes on charging after one, and ends when it wants to.
async Task<int> HandleAsync()
{
    var signalled = new TaskCompletionSource<PosixSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
    void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        signalled.TrySetResult(context.Signal);
    }

    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Take);
    await using var budget = await EmbeddedAgentBudget.StartAsync(folder);
    Say("READY");
    var signal = await signalled.Task;
    await using var session = await budget.OpenAsync("1.00");
    await session.TrackAsync(0, "search", "0.10");
    Say($"{signal} {(await session.ReportAsync()).TotalSpent}");
    return 7;
}

// Charges a model that no price table has to a session that another process has opened.
async Task<int> TakeUpAsync()
{
    await using var budget = await EmbeddedAgentBudget.StartAsync(options =>
    {
        options.Path = folder;
        options.ConfigureClient = client => client.UnknownModels = new UnknownModelRules { Fallback = new FallbackRate(100m, 1_000m) };
    });
    var session = budget.Client.Get("session");
    try
    {
        await session.ChargeAsync("of-nowhere", new TokenUsage(500, 100));
        Say($"charged {(await session.ReportAsync()).TotalSpent}");
    }
    catch (UnpricedCallException)
    {
        Say("refused");
    }

    return 0;
}

static void Say(string line)
{
    Console.Out.WriteLine(line);
    Console.Out.Flush();
}
