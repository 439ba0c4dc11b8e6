using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentBudget.Robustness.Processes;

/// <summary>This program in another role, as a process of its own. It ends by itself when this process does: its input is closed then.</summary>
internal sealed class RoleProcess : IAsyncDisposable
{
    /// <summary>What a role prints when it works.</summary>
    public const string Ready = "READY";

    private const int KeptLines = 200;

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;

    private RoleProcess(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>The process.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>The last lines that it printed.</summary>
    public string LastLines => string.Join(Environment.NewLine, lines);

    /// <summary>The last line that begins with a word, without it.</summary>
    public string? LastOf(string word) => lines.LastOrDefault(line => line.StartsWith(word + " ", StringComparison.Ordinal))?[(word.Length + 1)..];

    /// <summary>Starts a role.</summary>
    public static RoleProcess Start(params string[] arguments)
    {
        // The same runtime that this process runs on.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet, [typeof(RoleProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new RoleProcess(Process.Start(start) ?? throw new InvalidOperationException("The role did not start."));
    }

    /// <summary>Waits until it works.</summary>
    public async Task WhenReadyAsync(TimeSpan patience)
    {
        var first = await Task.WhenAny(ready.Task, process.WaitForExitAsync(), Task.Delay(patience));
        if (first != ready.Task) throw new InvalidOperationException($"Process {Id} {(HasExited ? $"ended with {ExitCode}" : "is not ready")}:{Environment.NewLine}{LastLines}");
    }

    /// <summary>Writes a line to it; one that has ended hears nothing.</summary>
    public async Task TellAsync(string line)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Whether it did in that time.</returns>
    public async Task<bool> WhenExitedAsync(TimeSpan patience)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(patience);
            await reading.WaitAsync(patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            if (line == Ready) ready.TrySetResult();
            lines.Enqueue(line);
            while (lines.Count > KeptLines) lines.TryDequeue(out _);
        }
    }
}
