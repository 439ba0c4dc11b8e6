namespace AgentBudget.Http.Responses;

/// <summary>
/// Breaks a response off. One that is only disposed is read on for up to two seconds, so that its connection can be used again; meanwhile
/// the model goes on, and the provider bills. A read that is cancelled closes the connection at once.
/// </summary>
internal static class Connection
{
    // What has arrived already is read without waiting.
    private const int MostReads = 256;
    private const int ReadBytes = 4_096;

    public static void BreakOff(HttpContent content)
    {
        using var now = new CancellationTokenSource();
        var read = Task.CompletedTask;
        try
        {
            // The asynchronous way gives the stream whichever way it was taken before.
            if (content.ReadAsStreamAsync(CancellationToken.None) is { IsCompletedSuccessfully: true } stream)
                read = StartReading(stream.Result, now.Token);
            now.Cancel();
        }
        catch (Exception)
        {
            // It is broken, which is what was wanted.
        }

        _ = DisposeBehindAsync(content, read);
    }

    private static Task StartReading(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[ReadBytes];
        for (var i = 0; i < MostReads; i++)
        {
            var read = stream.ReadAsync(buffer, cancellationToken);
            if (!read.IsCompleted)
                return read.AsTask();
            if (read.GetAwaiter().GetResult() == 0)
                break;
        }

        return Task.CompletedTask;
    }

    private static async Task DisposeBehindAsync(HttpContent content, Task read)
    {
        await read.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        content.Dispose();
    }
}
