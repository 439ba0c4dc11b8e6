using System.Diagnostics;
using System.Globalization;
using AgentBudget.Robustness.Roles;
using AgentBudget.Robustness.Runs;
using AgentBudget.Robustness.Soaks;

if (args is ["--role", var role, "--folder", var roleFolder, "--index", var index])
{
    var number = int.Parse(index, CultureInfo.InvariantCulture);
    return role switch
    {
        "silo" => await SiloRole.RunAsync(roleFolder, number),
        "soak-client" => await SoakClientRole.RunAsync(roleFolder, number),
        _ => await ClientRole.RunAsync(roleFolder, number),
    };
}

if (args.Any(argument => argument is "--help" or "-h" or "help"))
{
    Console.WriteLine($"{RunOptions.Usage}\n\n{SoakOptions.Usage}");
    return 0;
}

try
{
    return args is ["soak", .. var rest] ? await SoakAsync(SoakOptions.Parse(rest)) : await RunAsync(RunOptions.Parse(args));
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"{exception.Message} --help says more.");
    return 2;
}

async Task<int> RunAsync(RunOptions options)
{
    var folder = options.Keep is { } keep
        ? Directory.CreateDirectory(keep).FullName
        : Directory.CreateTempSubdirectory("agentbudget-robustness-").FullName;
    var tell = Teller();
    tell(
        $"seed {options.Seed}; {options.Duration.TotalSeconds:0} s; faults: "
            + $"{string.Join(", ", options.Faults)}{(options.Plant is null ? "" : $"; planted: {options.Plant}")}"
    );
    RunResult result;
    await using (var coordinator = new Coordinator(options, folder, tell, TimeProvider.System))
        result = await coordinator.RunAsync();
    result.Write(Console.Out);
    if (options.Json is { } json)
        result.WriteJson(json);
    if (result.Violations.Count == 0 && options.Keep is null)
        Directory.Delete(folder, recursive: true);
    else
        Console.WriteLine($"Histories and logs are kept in {folder}; the same choices again: --seed {options.Seed}");
    return result.Violations.Count == 0 ? 0 : 1;
}

async Task<int> SoakAsync(SoakOptions options)
{
    var folder = Directory.CreateTempSubdirectory("agentbudget-soak-").FullName;
    var tell = Teller();
    tell(
        string.Create(
            CultureInfo.InvariantCulture,
            $"seed {options.Seed}; {options.Sessions:N0} sessions, {options.Rate:N0} charges a second for "
                + $"{options.Duration.TotalSeconds:0} s, {options.WarmUp.TotalSeconds:0} s of it warm-up"
        )
    );
    SoakResult result;
    await using (var soak = new SoakRun(options, folder, tell, TimeProvider.System))
        result = await soak.RunAsync();
    SoakReport.Write(result, Console.Out);
    if (options.Json is { } json)
        SoakReport.WriteJson(result, json);
    Directory.Delete(folder, recursive: true);
    return result.Problems.Count == 0 ? 0 : 1;
}

static Action<string> Teller()
{
    var started = Stopwatch.GetTimestamp();
    return text => Console.WriteLine(FormattableString.Invariant($@"{Stopwatch.GetElapsedTime(started):mm\:ss}  {text}"));
}
