using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentBudget.Robustness.Processes;

/// <summary>This program in another role, as a process of its own. It ends by itself when this process does: its input is closed
/// then.</summary>
internal sealed class RoleProcess : IAsyncDisposable
{
    /// <summary>What a role prints when it works.</summary>
    public const string Ready = "READY";

    private const int KeptLines = 200;
    private const char Mark = '@';

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentDictionary<string, string> said = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;

    private readonly TextWriter log;

    private RoleProcess(Process process, TextWriter log)
    {
        (this.process, this.log) = (process, log);
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>The process.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>How much memory of the machine it takes, in bytes; 0 once it has ended.</summary>
    public long WorkingSet
    {
        get
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }
    }

    /// <summary>The last lines that it printed, what it said to the coordinator left out.</summary>
    public string LastLines => string.Join(Environment.NewLine, lines);

    /// <summary>What it said last under a word; null while it has not.</summary>
    public string? LastOf(string word) => said.GetValueOrDefault(word);

    /// <summary>Says something to the coordinator, from within a role. What is said under the same word later takes its place.</summary>
    public static void Say(string word, string text) => Console.WriteLine($"{Mark}{word} {text}");

    /// <summary>Starts a role.</summary>
    /// <param name="role">Its name.</param>
    /// <param name="folder">Where the run has its files; all that the process prints is added to <c>role-index.log</c> there.</param>
    /// <param name="index">Which of that role it is, from 0.</param>
    public static RoleProcess Start(string role, string folder, int index)
    {
        var number = index.ToString(CultureInfo.InvariantCulture);
        // The same runtime that this process runs on.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(
            dotnet,
            [typeof(RoleProcess).Assembly.Location, "--role", role, "--folder", folder, "--index", number]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // As it ships: the server collects as servers do, and what lives in an agent's process does not.
        start.Environment["DOTNET_gcServer"] = role == "silo" ? "1" : "0";
        var log = new StreamWriter(Path.Combine(folder, $"{role}-{number}.log"), append: true) { AutoFlush = true };
        return new RoleProcess(
            Process.Start(start) ?? throw new InvalidOperationException("The role did not start."),
            TextWriter.Synchronized(log)
        );
    }

    /// <summary>Waits until it works.</summary>
    public async Task WhenReadyAsync(TimeSpan patience)
    {
        var first = await Task.WhenAny(ready.Task, process.WaitForExitAsync(), Task.Delay(patience));
        if (first != ready.Task)
            throw new InvalidOperationException(
                $"Process {Id} {(HasExited ? $"ended with {ExitCode}" : "is not ready")}:{Environment.NewLine}{LastLines}"
            );
    }

    /// <summary>Writes a line to it; one that has ended hears nothing.</summary>
    public async Task TellAsync(string line)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync();
        }
        catch (IOException) { }
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
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
        await log.DisposeAsync();
    }

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            if (line == Ready)
                ready.TrySetResult();
            if (line.StartsWith(Mark) && line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space)
            {
                said[line[1..space]] = line[(space + 1)..];
                continue;
            }

            await log.WriteLineAsync(FormattableString.Invariant($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}"));
            lines.Enqueue(line);
            while (lines.Count > KeptLines)
                lines.TryDequeue(out _);
        }
    }
}
