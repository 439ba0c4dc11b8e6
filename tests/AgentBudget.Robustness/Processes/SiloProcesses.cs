namespace AgentBudget.Robustness.Processes;

/// <summary>The silos of a run. One that ends by itself is started again, as whoever runs a service does.</summary>
internal sealed class SiloProcesses(string folder, int count, Action<string> tell, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly RoleProcess?[] silos = new RoleProcess?[count];
    private readonly bool[] isDownOnPurpose = new bool[count];
    private readonly SemaphoreSlim gate = new(1);
    private readonly CancellationTokenSource stop = new();
    private Task watching = Task.CompletedTask;

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>How much memory each takes, in bytes; 0 for one that does not run.</summary>
    public IReadOnlyList<long> WorkingSets => [.. silos.Select(silo => silo?.WorkingSet ?? 0)];

    /// <summary>What the silos said last after a word, each.</summary>
    public IReadOnlyList<string?> LastOf(string word) => [.. silos.Select(silo => silo?.LastOf(word))];

    /// <summary>Writes a line to each; one that does not run hears nothing.</summary>
    public async Task TellAllAsync(string line)
    {
        foreach (var silo in silos)
        {
            if (silo is { HasExited: false })
                await silo.TellAsync(line);
        }
    }

    /// <summary>Writes a line to each, and waits until each has said something under a word that it had not said before.</summary>
    /// <exception cref="TimeoutException">One of them did not.</exception>
    public async Task<IReadOnlyList<string>> AskAllAsync(string line, string word, TimeSpan patience)
    {
        var before = LastOf(word);
        var since = time.GetTimestamp();
        foreach (var silo in silos)
            await silo!.TellAsync(line);
        while (LastOf(word) is var after)
        {
            if (after.Zip(before).All(pair => pair.First is not null && pair.First != pair.Second))
                return [.. after.OfType<string>()];
            if (time.GetElapsedTime(since) > patience)
                throw new TimeoutException($"A silo does not answer \"{line}\".");
            await Task.Delay(LookEvery, time);
        }

        return [];
    }

    /// <summary>How many have ended by themselves.</summary>
    public int EndedByThemselves { get; private set; }

    /// <summary>The first that did not end well when asked to.</summary>
    public string? BadEnd { get; private set; }

    /// <summary>Starts all of them.</summary>
    public async Task StartAllAsync()
    {
        // The first makes the schema; the others find it.
        await StartAsync(0);
        await WhenAllReadyAsync();
        for (var i = 1; i < count; i++)
            await StartAsync(i);
        await WhenAllReadyAsync();
        watching = WatchAsync();
    }

    /// <summary>Starts one, without waiting for it.</summary>
    public async Task StartAsync(int index)
    {
        await gate.WaitAsync();
        try
        {
            if (silos[index] is { } old)
                await old.DisposeAsync();
            silos[index] = RoleProcess.Start("silo", folder, index);
            isDownOnPurpose[index] = false;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Waits until all of them work, whichever have to be started again meanwhile.</summary>
    public async Task WhenAllReadyAsync()
    {
        using var patience = new CancellationTokenSource(StartPatience, time);
        for (var i = 0; i < count; i++)
        {
            while (silos[i] is { } silo && !isDownOnPurpose[i])
            {
                try
                {
                    await silo.WhenReadyAsync(StartPatience);
                    break;
                }
                catch (InvalidOperationException)
                    when (!patience.IsCancellationRequested && watching.Status == TaskStatus.WaitingForActivation)
                {
                    await Task.Delay(LookEvery, time);
                }
            }
        }
    }

    /// <summary>Kills one.</summary>
    public void Kill(int index)
    {
        isDownOnPurpose[index] = true;
        if (silos[index] is { HasExited: false } silo)
            Signals.Kill(silo.Id);
    }

    /// <summary>Makes one stand still.</summary>
    public void Stop(int index) => Signals.Stop(silos[index]!.Id);

    /// <summary>Lets it go on.</summary>
    public void Continue(int index) => Signals.Continue(silos[index]!.Id);

    /// <summary>Ends one in good order.</summary>
    public async Task EndAsync(int index)
    {
        isDownOnPurpose[index] = true;
        var silo = silos[index]!;
        if (silo.HasExited)
            return;
        Signals.Terminate(silo.Id);
        if (!await silo.WhenExitedAsync(EndPatience))
            BadEnd ??= $"silo {index} did not end within {EndPatience} of SIGTERM";
        else if (silo.ExitCode != 0)
            BadEnd ??= $"silo {index} ended with {silo.ExitCode} after SIGTERM:{Environment.NewLine}{silo.LastLines}";
    }

    /// <summary>Ends all of them in good order.</summary>
    public async Task EndAllAsync()
    {
        await stop.CancelAsync();
        await watching;
        await Task.WhenAll(Enumerable.Range(0, count).Select(EndAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        foreach (var silo in silos)
        {
            if (silo is not null)
                await silo.DisposeAsync();
        }

        gate.Dispose();
        stop.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(LookEvery, time, stop.Token);
                for (var i = 0; i < count; i++)
                {
                    if (isDownOnPurpose[i] || silos[i] is not { HasExited: true } silo)
                        continue;
                    EndedByThemselves++;
                    tell($"       silo {i} ended by itself with {silo.ExitCode} and is started again: {FirstWords(silo.LastLines)}");
                    await StartAsync(i);
                }
            }
        }
        catch (OperationCanceledException) { }
    }

    private static string FirstWords(string lines) => lines.Length > 400 ? lines[..400] : lines;
}
