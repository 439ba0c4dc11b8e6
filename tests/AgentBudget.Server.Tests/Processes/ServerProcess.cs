using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentBudget.PostgreSql.TestServer;
using AgentBudget.Server.Settings;

namespace AgentBudget.Server.Tests.Processes;

/// <summary>The server as a process of its own. Signals go to this one process, by its id.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Task reading;

    private ServerProcess(Process process, ServerPorts ports)
    {
        (this.process, Ports) = (process, ports);
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public ServerPorts Ports { get; }

    /// <summary>What it has printed.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public bool HasEnded => process.HasExited;

    /// <summary>Starts it with settings from its environment and nowhere else.</summary>
    public static ServerProcess Start(ServerPorts ports, IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        // The same runtime that these tests run on.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet, [typeof(ServerSettings).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var inherited in start.Environment.Keys.Where(IsSetting).ToArray())
            start.Environment.Remove(inherited);
        foreach (var (name, value) in ports.Environment.Concat(environment))
            start.Environment[name] = value;
        return new ServerProcess(Process.Start(start)!, ports);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public Task WhenReadyAsync() =>
        Poll.UntilAsync(
            async () =>
            {
                if (HasEnded)
                    Assert.Fail($"The server ended too early:{Environment.NewLine}{Output}");
                return await FindHealthAsync("ready") is { Status: HttpStatusCode.OK };
            },
            Patience,
            () => Output
        );

    public async Task<Health> HealthAsync(string name) =>
        await FindHealthAsync(name) ?? throw new InvalidOperationException($"The server does not answer:{Environment.NewLine}{Output}");

    /// <summary>Asks for its health; null when nobody answers.</summary>
    public async Task<Health?> FindHealthAsync(string name)
    {
        try
        {
            using var answer = await Http.GetAsync(
                new Uri($"http://127.0.0.1:{Ports.Health}/health/{name}"),
                TestContext.Current.CancellationToken
            );
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (body.Length == 0)
                Assert.Fail($"/health/{name} is answered {answer.StatusCode} without a body:{Environment.NewLine}{Output}");
            return new Health(answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(body));
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            // A server that is just ending may cut its answer off.
            return null;
        }
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await EndAsync();
    }

    /// <summary>Tells it to stop.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends it a signal, by its name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended by itself, and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await reading.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public string Output => string.Join(Environment.NewLine, lines);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private static bool IsSetting(string variable) =>
        variable.StartsWith("AgentBudget", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("OTEL_", StringComparison.Ordinal);

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
            lines.Enqueue(line);
    }
}

/// <summary>An answer about health.</summary>
internal sealed record Health(HttpStatusCode Status, JsonElement Body)
{
    public string? Word => Body.GetProperty("status").GetString();
}

/// <summary>The ports of one server.</summary>
internal sealed record ServerPorts(int Silo, int Gateway, int Health)
{
    public static ServerPorts New() =>
        FreePorts.Find(3) is [var silo, var gateway, var health] ? new(silo, gateway, health) : throw new InvalidOperationException();

    /// <summary>As many, all different.</summary>
    public static ServerPorts[] New(int count) =>
        [.. FreePorts.Find(3 * count).Chunk(3).Select(three => new ServerPorts(three[0], three[1], three[2]))];

    public string GatewayAddress => FormattableString.Invariant($"127.0.0.1:{Gateway}");

    public IEnumerable<KeyValuePair<string, string>> Environment =>
        [
            new("AgentBudget__Silo__SiloPort", Silo.ToString(CultureInfo.InvariantCulture)),
            new("AgentBudget__Silo__GatewayPort", Gateway.ToString(CultureInfo.InvariantCulture)),
            new("AgentBudget__Health__Address", FormattableString.Invariant($"http://127.0.0.1:{Health}")),
        ];
}
