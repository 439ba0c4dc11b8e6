using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AgentBudget.CrashProgram;

namespace AgentBudget.Tests.Processes;

/// <summary>The crash program as a child process. Signals go to this one process, by its id.</summary>
public sealed class ChildProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly Task reading;

    private ChildProgram(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput, lines, arrived), ReadAsync(process.StandardError, errors, null));
    }

    /// <summary>What it has printed, line by line.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public string Errors => string.Join(Environment.NewLine, errors);

    /// <summary>Starts it, and waits until it says that it is ready.</summary>
    public static async Task<ChildProgram> StartAsync(params string[] arguments)
    {
        var child = Start(arguments);
        await child.WhenPrintedAsync(line => line == "READY");
        return child;
    }

    /// <summary>Starts it.</summary>
    public static ChildProgram Start(params string[] arguments)
    {
        // The same runtime that these tests run on.
        var host = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", host));
        var start = new ProcessStartInfo(dotnet, [typeof(Load).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ChildProgram(Process.Start(start)!);
    }

    /// <summary>Waits until it has printed a line of some kind.</summary>
    public Task WhenPrintedAsync(Func<string, bool> wanted) => WhenAsync(() => lines.Any(wanted));

    /// <summary>Waits until it has printed so many lines of acknowledged operations.</summary>
    public Task WhenAcknowledgedAsync(int count) => WhenAsync(() => lines.Count >= count && lines.Count(IsAcknowledgement) >= count);

    /// <summary>Kills it as <c>kill -9</c> does, and reads what it had printed.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await EndAsync();
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(PosixSignal signal)
    {
        var number = signal == PosixSignal.SIGINT ? "INT" : "TERM";
        using var kill = Process.Start("kill", ["-" + number, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Lets it go on from where it waits for a line.</summary>
    public Task ContinueAsync() => process.StandardInput.WriteLineAsync();

    /// <summary>Waits until it has ended by itself, and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await reading.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        arrived.Dispose();
    }

    private static bool IsAcknowledgement(string line) => line.StartsWith("ACK ", StringComparison.Ordinal);

    private async Task WhenAsync(Func<bool> condition)
    {
        while (!condition())
        {
            var isThere = arrived.WaitAsync(Patience, TestContext.Current.CancellationToken);
            if (await Task.WhenAny(isThere, reading) == reading && !condition())
                Assert.Fail($"The program ended too early. {Errors}");
            if (isThere.IsCompleted)
                Assert.True(await isThere, $"The program printed nothing more. {Errors}");
        }
    }

    private static async Task ReadAsync(StreamReader from, ConcurrentQueue<string> to, SemaphoreSlim? arrived)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            to.Enqueue(line);
            arrived?.Release();
        }
    }
}
