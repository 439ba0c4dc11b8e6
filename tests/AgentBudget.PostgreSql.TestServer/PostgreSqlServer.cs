using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Npgsql;

namespace AgentBudget.PostgreSql.TestServer;

/// <summary>
/// A PostgreSQL server of its own: fresh data in a folder of its own, a free port on loopback, a password that nobody else knows. It
/// syncs to the disk as a real one does. Stopped and deleted when it is disposed of.
/// </summary>
public sealed partial class PostgreSqlServer : IAsyncDisposable
{
    private const string User = "agentbudget";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-postgresql-");
    private readonly string binaries = PostgreSqlBinaries.Find();
    private readonly string password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly IReadOnlyList<string> settings;
    private Process? process;
    private int databases;

    private PostgreSqlServer(IReadOnlyList<string> settings) => this.settings = settings;

    /// <summary>The server's port on loopback.</summary>
    public int Port { get; private set; }

    /// <summary>The id of the server's first process; 0 while it is stopped.</summary>
    public int ProcessId => process?.Id ?? 0;

    private string DataFolder => Path.Combine(folder.FullName, "data");

    private string LogFile => Path.Combine(folder.FullName, "log");

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="settings">Settings of the server, each as <c>name=value</c>.</param>
    public static async Task<PostgreSqlServer> StartNewAsync(CancellationToken cancellationToken, params string[] settings)
    {
        var server = new PostgreSqlServer(settings);
        try
        {
            await server.InitializeAsync(cancellationToken);
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"ledger_{Interlocked.Increment(ref databases)}");
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0", cancellationToken);
        return ConnectionString(name);
    }

    /// <summary>Drops a database that <see cref="CreateDatabaseAsync"/> made, and whoever is connected to it.</summary>
    public Task DropDatabaseAsync(string connectionString, CancellationToken cancellationToken) =>
        ExecuteAsync(
            $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)",
            cancellationToken
        );

    /// <summary>The connection string of one of the server's databases.</summary>
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = IPAddress.Loopback.ToString(),
            Port = Port,
            Database = database,
            Username = User,
            Password = password,
            IncludeErrorDetail = true,
        }.ConnectionString;

    /// <summary>Starts the server again after it was stopped, on the same port and data.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (process is not null)
            throw new InvalidOperationException("The server runs already.");
        if (Port == 0)
            Port = FreePorts.Find(1)[0];
        process = Launch(
            "postgres",
            [
                "-D",
                DataFolder,
                "-p",
                Port.ToString(CultureInfo.InvariantCulture),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200",
                "-c",
                "logging_collector=off",
                .. settings.SelectMany(setting => new[] { "-c", setting }),
            ]
        );
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(cancellationToken))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > StartWithin)
                throw new InvalidOperationException($"PostgreSQL did not start:{Environment.NewLine}{ReadLog()}");
            await Task.Delay(25, cancellationToken);
        }
    }

    /// <summary>Stops the server at once, as if it had crashed: no connection is told, and the next start recovers from the log.</summary>
    public Task StopImmediatelyAsync() => StopAsync(Signal.Quit);

    /// <summary>Stops the server in an orderly way; connections are broken off.</summary>
    public Task StopAsync() => StopAsync(Signal.Interrupt);

    /// <summary>Deletes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopImmediatelyAsync();
        folder.Delete(recursive: true);
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        // The server refuses to run as root; then its folder belongs to the user that the distribution made for it.
        if (Environment.IsPrivilegedProcess)
            await RunAsync(Start("chown", ["-R", "postgres", folder.FullName]), cancellationToken);
        using var made = Launch(
            "initdb",
            [
                "-D",
                DataFolder,
                "-U",
                User,
                "-A",
                "scram-sha-256",
                "--pwfile",
                passwordFile,
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions",
            ]
        );
        await RunAsync(made, cancellationToken);
    }

    private async Task RunAsync(Process running, CancellationToken cancellationToken)
    {
        await running.WaitForExitAsync(cancellationToken).WaitAsync(StartWithin, cancellationToken);
        if (running.ExitCode != 0)
            throw new InvalidOperationException(
                $"{running.StartInfo.FileName} {string.Join(' ', running.StartInfo.ArgumentList)} failed:{Environment.NewLine}{ReadLog()}"
            );
    }

    // A shell puts what the program says into the log and then becomes the program, so that the process is the program's own.
    private Process Launch(string program, IEnumerable<string> arguments)
    {
        string[] asUser = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];
        return Start(
            "/bin/sh",
            ["-c", "cd / && exec \"$@\" >>\"$0\" 2>&1 </dev/null", LogFile, .. asUser, Path.Combine(binaries, program), .. arguments]
        );
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync("SELECT 1", cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false, Timeout = 5 }.ConnectionString
        );
        await connection.OpenAsync(cancellationToken);
#pragma warning disable CA2100 // Nothing but names of this class's own making stands in these statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task StopAsync(Signal signal)
    {
        if (process is not { } running)
            return;
        process = null;
        using (running)
        {
            if (!running.HasExited)
                _ = Kill(running.Id, (int)signal);
            await running.WaitForExitAsync().WaitAsync(StopWithin);
        }
    }

    private string ReadLog() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    private enum Signal
    {
        Interrupt = 2,
        Quit = 3,
    }
}
