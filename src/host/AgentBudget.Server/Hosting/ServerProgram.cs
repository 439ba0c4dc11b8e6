using AgentBudget.Server.Health;
using AgentBudget.Server.Settings;
using Microsoft.Extensions.Options;

namespace AgentBudget.Server.Hosting;

/// <summary>The program: serves until it is told to stop, or asks a server on this machine for its health.</summary>
internal static class ServerProgram
{
    private const string CheckHealth = "--check-health";

    /// <returns>0 when all is well, 1 when not.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            var configuration = ReadConfiguration([.. arguments.Where(argument => argument != CheckHealth)]);
            if (arguments.Contains(CheckHealth))
                return await HealthCheckCommand.RunAsync(SettingsReader.Read(configuration).Health);
            await ServerHost.Build(configuration).RunAsync();
            return 0;
        }
        catch (Exception exception) when (Explain(exception) is { } message)
        {
            await Console.Error.WriteLineAsync(message);
            return 1;
        }
    }

    private static IConfiguration ReadConfiguration(string[] arguments) =>
        new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(arguments)
            .Build();

    // What the operator can mend is told in one sentence; anything else keeps its stack trace.
    private static string? Explain(Exception? exception) =>
        exception switch
        {
            null => null,
            SettingsException or OptionsValidationException or LedgerStoreUnavailableException => exception.Message,
            AggregateException aggregate => aggregate.InnerExceptions.Select(Explain).FirstOrDefault(message => message is not null),
            _ => Explain(exception.InnerException),
        };
}
