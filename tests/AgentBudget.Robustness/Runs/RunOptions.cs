using AgentBudget.Robustness.Faults;

namespace AgentBudget.Robustness.Runs;

/// <summary>What a run is asked to do.</summary>
public sealed record RunOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage = """
        Faults:  dotnet run --project tests/AgentBudget.Robustness -- [options]

          Starts two PostgreSQL, three silos and clients as processes, does faults to them, and checks every answer that a client
          was given against the final timelines. Exit code 0: the laws held; 1: they did not; 2: wrong usage.

          --duration TIME     how long clients work, such as 60s or 10m. Default 60s
          --faults LIST       comma-separated. Default kill
                                kill      kill -9 of one silo, started again a few seconds later
                                killall   kill -9 of all silos, started again at once
                                stop      one silo stands still for 20 seconds
                                database  the first PostgreSQL crashes and starts again
                                partition the second PostgreSQL is away for 20 seconds
                                rolling   the silos restart one after the other, in good order
                                pause     a tenant is paused, and one silo is killed in the middle of it
                                tenant    the grains of a tenant answer nobody for 20 seconds
                                all, none
          --sessions N        sessions, children not counted. Default 1000
          --children N        carved children that one parent has open at once, besides. Default 1000
          --tenants N         sessions of each of four tenants, besides. Default 40
          --clients N         client processes. Default 3
          --rate N            operations a second that the clients aim at together. Default 400
          --charges N         charges besides, by N in all, spread over three quarters of the duration, or as fast as they are
                              answered; the run goes on until they are made. Default 0
          --seed N            makes the same choices again. Default: a new one, which is printed
          --heal-within TIME  every session has to answer this long after a fault has healed. Default 30s
          --json FILE         writes the result there, too
          --keep FOLDER       histories and what the processes print are written to that new folder, and stay there
          --plant NAME        builds a fault into the silos, which the check has to find:
                                acknowledge-before-write, ignore-head-version, forget-keys, reuse-sequence,
                                refusal-that-debits, forget-late-costs
        """;

    private static readonly string[] Names =
    [
        "--duration",
        "--faults",
        "--sessions",
        "--children",
        "--tenants",
        "--clients",
        "--rate",
        "--charges",
        "--seed",
        "--heal-within",
        "--json",
        "--keep",
        "--plant",
    ];

    /// <summary>How long clients work.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The faults.</summary>
    public IReadOnlyList<FaultKind> Faults { get; init; } = [FaultKind.Kill];

    /// <summary>Sessions.</summary>
    public int Sessions { get; init; } = 1_000;

    /// <summary>Carved children that one parent has open at once.</summary>
    public int Children { get; init; } = 1_000;

    /// <summary>Sessions of each tenant; 0 for no tenants.</summary>
    public int TenantSessions { get; init; } = 40;

    /// <summary>Client processes.</summary>
    public int Clients { get; init; } = 3;

    /// <summary>Operations a second.</summary>
    public int Rate { get; init; } = 400;

    /// <summary>Charges that are made besides.</summary>
    public int Charges { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>How soon every session has to answer.</summary>
    public TimeSpan HealWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where to write the result.</summary>
    public string? Json { get; init; }

    /// <summary>Where histories and logs are kept; null: in a folder that is deleted when the laws held.</summary>
    public string? Keep { get; init; }

    /// <summary>The planted fault.</summary>
    public string? Plant { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It is wrong; the message says what.</exception>
    public static RunOptions Parse(IReadOnlyList<string> arguments) =>
        Arguments.Fold(arguments, new RunOptions { Seed = Random.Shared.Next(1, 1_000_000) }, With, Names);

    private static RunOptions? With(RunOptions options, string name, string value) =>
        name switch
        {
            "--duration" => options with { Duration = Arguments.Time(name, value) },
            "--faults" => options with { Faults = FaultsOf(value) },
            "--sessions" => options with { Sessions = Arguments.Number(name, value, 1, 100_000) },
            "--children" => options with { Children = Arguments.Number(name, value, 0, Bounds.CarvedChildren) },
            "--tenants" => options with { TenantSessions = Arguments.Number(name, value, 0, 900) },
            "--clients" => options with { Clients = Arguments.Number(name, value, 1, 16) },
            "--rate" => options with { Rate = Arguments.Number(name, value, 1, 100_000) },
            "--charges" => options with { Charges = Arguments.Number(name, value, 0, 100_000_000) },
            "--seed" => options with { Seed = Arguments.Number(name, value, 0, int.MaxValue) },
            "--heal-within" => options with { HealWithin = Arguments.Time(name, value) },
            "--json" => options with { Json = value },
            "--keep" => options with { Keep = NewFolder(value) },
            "--plant" => options with { Plant = PlantOf(value) },
            _ => null,
        };

    private static FaultKind[] FaultsOf(string value) =>
        value switch
        {
            "all" => Enum.GetValues<FaultKind>(),
            "none" => [],
            _ =>
            [
                .. value
                    .Split(',')
                    .Select(word =>
                        Enum.TryParse<FaultKind>(word, ignoreCase: true, out var kind) && !char.IsDigit(word[0])
                            ? kind
                            : throw new FormatException($"{word} is no fault; write a list of {FaultWords}.")
                    ),
            ],
        };

    private static string FaultWords =>
        string.Join(", ", Enum.GetNames<FaultKind>().Select(name => name.ToLowerInvariant()).Concat(["all", "none"]));

    private static string NewFolder(string value) =>
        !Directory.Exists(value) || !Directory.EnumerateFileSystemEntries(value).Any()
            ? value
            : throw new FormatException($"--keep: {value} is not empty; name a new folder.");

    private static string PlantOf(string value) =>
        Plants.Plant.All.Any(plant => plant.Name == value)
            ? value
            : throw new FormatException(
                $"{value} is no plant; write one of {string.Join(", ", Plants.Plant.All.Select(plant => plant.Name))}."
            );
}
