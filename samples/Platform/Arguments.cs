namespace Platform;

/// <summary>What is asked for on the command line.</summary>
/// <param name="Sessions">Sessions, all open at once.</param>
/// <param name="Charges">Charges of each.</param>
internal sealed record Arguments(int Sessions, int Charges)
{
    public static Arguments Parse(string[] args)
    {
        var asked = new Arguments(Sessions: 1_000, Charges: 20);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            asked = args[i] switch
            {
                "--sessions" => asked with { Sessions = int.Parse(args[i + 1]) },
                "--charges" => asked with { Charges = int.Parse(args[i + 1]) },
                var other => throw new ArgumentException($"{other} is not known; --sessions N and --charges N are."),
            };
        }

        return asked;
    }
}
