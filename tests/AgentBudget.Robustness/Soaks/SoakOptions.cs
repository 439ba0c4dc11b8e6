using AgentBudget.Robustness.Runs;

namespace AgentBudget.Robustness.Soaks;

/// <summary>What a soak is asked to do.</summary>
public sealed record SoakOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage = """
        Soak:    dotnet run -c Release --project tests/AgentBudget.Robustness -- soak [options]

          The same processes without faults: open sessions are charged at a fixed rate, whatever became of the charges before; a wait
          counts from when its charge should have been sent. The first minute, or fifth, is warm-up. Exit code 0: no error, the
          rate was reached, the ledger's spend equals what was acknowledged, and no silo's memory grew; 1: not so; 2: wrong usage.

          --sessions N        open sessions. Default 10000
          --rate N            charges a second. Default 5000
          --duration TIME     how long, warm-up included, such as 90s or 5m. Default 5m
          --clients N         client processes. Default 2
          --seed N            makes the same choices again. Default: a new one, which is printed
          --json FILE         writes the result there, too
        """;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromMinutes(1);
    private static readonly string[] Names = ["--sessions", "--rate", "--duration", "--clients", "--seed", "--json"];

    /// <summary>Open sessions over all clients.</summary>
    public int Sessions { get; init; } = 10_000;

    /// <summary>Charges a second over all clients.</summary>
    public int Rate { get; init; } = 5_000;

    /// <summary>How long, warm-up included.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Client processes.</summary>
    public int Clients { get; init; } = 2;

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Where to write the result.</summary>
    public string? Json { get; init; }

    /// <summary>How long memory and waits are not judged: a minute, or a fifth of a shorter run.</summary>
    public TimeSpan WarmUp => Duration / 5 < LongestWarmUp ? Duration / 5 : LongestWarmUp;

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It is wrong; the message says what.</exception>
    public static SoakOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = Arguments.Fold(arguments, new SoakOptions { Seed = Random.Shared.Next(1, 1_000_000) }, With, Names);
        if (options.Sessions < options.Clients)
            throw new FormatException($"--sessions {options.Sessions}: each of the {options.Clients} clients needs one.");
        if (options.Rate < options.Clients)
            throw new FormatException($"--rate {options.Rate}: each of the {options.Clients} clients sends at least one charge a second.");
        return options;
    }

    private static SoakOptions? With(SoakOptions options, string name, string value) =>
        name switch
        {
            "--sessions" => options with { Sessions = Arguments.Number(name, value, 1, 100_000) },
            "--rate" => options with { Rate = Arguments.Number(name, value, 1, 100_000) },
            "--duration" => options with { Duration = Arguments.Time(name, value) },
            "--clients" => options with { Clients = Arguments.Number(name, value, 1, 16) },
            "--seed" => options with { Seed = Arguments.Number(name, value, 0, int.MaxValue) },
            "--json" => options with { Json = value },
            _ => null,
        };
}
