using System.Diagnostics;
using System.Globalization;
using AgentBudget.Robustness.Plants;
using AgentBudget.Robustness.Roles;
using AgentBudget.Robustness.Runs;

if (args is ["--role", var role, "--folder", var roleFolder, "--index", var index])
{
    var number = int.Parse(index, CultureInfo.InvariantCulture);
    return role == "silo" ? await SiloRole.RunAsync(roleFolder, number) : await ClientRole.RunAsync(roleFolder, number);
}

var usage = $"{RunOptions.Usage}\n\n  plants: {string.Join(", ", Plant.All.Select(plant => plant.Name))}";
if (args is ["--help" or "-h"])
{
    Console.WriteLine(usage);
    return 0;
}

RunOptions options;
try
{
    options = RunOptions.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n\n{usage}");
    return 2;
}

var started = Stopwatch.GetTimestamp();
var folder = Directory.CreateTempSubdirectory("agentbudget-robustness-").FullName;
Tell($"seed {options.Seed}; {options.Duration.TotalSeconds:0} s; faults: {string.Join(", ", options.Faults)}{(options.Plant is null ? "" : $"; planted: {options.Plant}")}");
RunResult result;
await using (var coordinator = new Coordinator(options, folder, Tell, TimeProvider.System)) result = await coordinator.RunAsync();
result.Write(Console.Out);
if (options.Json is { } json) result.WriteJson(json);
if (result.Violations.Count == 0) Directory.Delete(folder, recursive: true);
else Console.WriteLine($"The histories are kept in {folder}; the same choices again: --seed {options.Seed}");
return result.Violations.Count == 0 ? 0 : 1;

void Tell(string text) => Console.WriteLine(FormattableString.Invariant($@"{Stopwatch.GetElapsedTime(started):mm\:ss}  {text}"));
