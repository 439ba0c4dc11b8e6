using AgentBudget.Pricing.Live;

namespace AgentBudget;

/// <summary>
/// Prices that follow the user's files. A change is read and checked whole and then swapped in at once; files that are not valid leave
/// the old prices in force, and are told. Safe for use by many threads.
/// </summary>
public sealed class LivePrices : IPriceBookSource, IDisposable
{
    private readonly LivePricesOptions options;
    private readonly Action<PriceReload>? log;
    private readonly Action<Exception>? callbackFailed;
    private readonly Lock gate = new();
    private readonly Lock tellGate = new();
    private readonly ITimer timer;
    private volatile PriceLayers current;
    private string seen = "";
    private PriceReload? untold;
    private bool isTelling;

    /// <summary>Reads the layers for the first time.</summary>
    /// <param name="options">The layers.</param>
    /// <param name="log">Called before <see cref="LivePricesOptions.OnReload"/>, for the host that logs what the user's own code may not;
    /// null for nothing.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="callbackFailed">Called with what <see cref="LivePricesOptions.OnReload"/> threw; null for nothing.</param>
    /// <exception cref="PriceTableException">The files are not valid: a start has no old prices to stay with.</exception>
    /// <exception cref="IOException">The files cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The files may not be read.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LivePrices(
        LivePricesOptions options,
        Action<PriceReload>? log = null,
        TimeProvider? time = null,
        Action<Exception>? callbackFailed = null
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        this.log = log;
        this.callbackFailed = callbackFailed;
        seen = StampOf(options.Path);
        current = PriceLayers.Read(options);
        var every = options.Path is null ? Timeout.InfiniteTimeSpan : options.LookEvery;
        timer = (time ?? TimeProvider.System).CreateTimer(_ => Look(), null, every, every);
    }

    /// <summary>The book in force now.</summary>
    public PriceBook Current => current.Book;

    /// <summary>The prices of tools in force now.</summary>
    public ToolCosts Tools => current.Tools;

    /// <summary>Looks at the files now, whether or not it is time. Never throws.</summary>
    /// <returns>What came of it; null when nothing has changed since the last look, or another look is under way.</returns>
    public PriceReload? Look()
    {
        // A folder on a network that does not answer holds up one look, and not one more thread at every tick.
        if (!gate.TryEnter())
            return null;
        PriceReload? reload;
        try
        {
            reload = TryReload();
        }
        finally
        {
            gate.Exit();
        }

        if (reload is null)
            return null;
        Say(reload);
        Tell(reload);
        return reload;
    }

    /// <summary>Stops looking; the last prices stay.</summary>
    public void Dispose() => timer.Dispose();

    // Apart from the look itself: the user's code may throw on a timer's thread, which would end the process, or hang, and then neither
    // prices nor further looks wait for it. While it is being told, only the newest reload is kept for it.
    private void Tell(PriceReload reload)
    {
        if (options.OnReload is not { } told)
            return;
        lock (tellGate)
        {
            untold = reload;
            if (isTelling)
                return;
            isTelling = true;
        }

        while (NextUntold() is { } next)
        {
            try
            {
                told(next);
            }
            catch (Exception exception)
            {
                Say(exception);
            }
        }
    }

    // On a timer's thread an exception would end the process.
    private void Say(PriceReload reload)
    {
        try
        {
            log?.Invoke(reload);
        }
        catch (Exception exception)
        {
            Say(exception);
        }
    }

    private void Say(Exception failure)
    {
        try
        {
            callbackFailed?.Invoke(failure);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }

    private PriceReload? NextUntold()
    {
        lock (tellGate)
        {
            var next = untold;
            untold = null;
            isTelling = next is not null;
            return next;
        }
    }

    private PriceReload? TryReload()
    {
        var stamp = "";
        try
        {
            stamp = StampOf(options.Path);
            if (stamp == seen)
                return null;
            var read = PriceLayers.Read(options);
            // Somebody who writes while we read leaves half a set; the next look finds the whole one.
            if (StampOf(options.Path) != stamp)
                return null;
            seen = stamp;
            current = read;
            return new PriceReload(read.Book.Version, []);
        }
        catch (PriceTableException refused)
        {
            // Said once for each state of the files, not at every look.
            seen = stamp;
            return new PriceReload(current.Book.Version, refused.Problems);
        }
        catch (Exception exception)
        {
            // Whatever it is, such as a list of the user's that throws when it is read: on a timer's thread it would end the process.
            if (seen == exception.Message)
                return null;
            seen = exception.Message;
            return new PriceReload(current.Book.Version, [exception.Message]);
        }
    }

    private static string StampOf(string? path)
    {
        if (path is null)
            return "";
        FileInfo[] files = File.Exists(path)
            ? [new FileInfo(path)]
            : [.. new DirectoryInfo(path).EnumerateFiles("*.json").OrderBy(file => file.Name, StringComparer.Ordinal)];
        return string.Join(
            '\n',
            files.Select(file => FormattableString.Invariant($"{file.Name}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"))
        );
    }
}
