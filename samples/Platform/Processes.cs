using System.Diagnostics;

namespace Platform;

/// <summary>Silos and workers as processes: this program again, in another role.</summary>
internal sealed class Processes : IDisposable
{
    /// <summary>The line by which a silo says that it works.</summary>
    public const string Ready = "READY";

    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(90);

    private readonly List<Process> started = [];

    /// <summary>Starts a silo, and waits until it works.</summary>
    public async Task<Process> StartSiloAsync(int port, int gateway)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var silo = Start("silo", [port, gateway], isHeard: true);
        // Read to the end: whoever writes to a pipe that nobody reads stands still one day.
        silo.OutputDataReceived += (_, line) =>
        {
            if (line.Data == Ready)
                ready.TrySetResult();
            else if (line.Data is null)
                ready.TrySetException(new InvalidOperationException("A silo ended before it worked; its error output says why."));
            else
                Console.Error.WriteLine(line.Data);
        };
        silo.BeginOutputReadLine();
        await ready.Task.WaitAsync(StartsWithin);
        return silo;
    }

    /// <summary>Starts a worker.</summary>
    public Process StartWorker(int first, int count, int charges) => Start("worker", [first, count, charges], isHeard: false);

    private Process Start(string role, int[] numbers, bool isHeard)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = isHeard };
        // Under `dotnet Platform.dll` the program is the second word.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(Processes).Assembly.Location);
        foreach (var word in numbers.Select(number => number.ToString()).Prepend(role))
            start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        started.Add(process);
        return process;
    }

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
