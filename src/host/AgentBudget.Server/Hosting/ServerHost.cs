using AgentBudget.Server.Health;
using AgentBudget.Server.Prices;
using AgentBudget.Server.Settings;
using AgentBudget.Server.Telemetry;

namespace AgentBudget.Server.Hosting;

/// <summary>Puts the server together.</summary>
internal static class ServerHost
{
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public static IHost Build(IConfiguration configuration)
    {
        var settings = SettingsReader.Read(configuration);
        var exportsTelemetry = TelemetryExport.IsWanted(configuration);
        return new HostBuilder()
            .ConfigureHostConfiguration(host => host.AddConfiguration(configuration))
            .ConfigureLogging((context, logging) => ConfigureLogging(context.Configuration, logging))
            .ConfigureServices(services =>
            {
                services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.DrainTimeout);
                services.AddSingleton(settings);
                services.AddSingleton<StoreProbe>();
                services.AddRouting();
                services.AddHostedService<DrainReport>();
                services.AddHostedService<PriceUpdates>();
                if (exportsTelemetry)
                    TelemetryExport.Add(services, configuration);
            })
            // Before the silo: it answers while the silo starts, and until the silo has stopped.
            .ConfigureWebHost(
                web =>
                    web.UseKestrel(kestrel => kestrel.AddServerHeader = false)
                        .UseUrls(settings.Health.Address)
                        .Configure(HealthEndpoints.Use),
                options => options.SuppressEnvironmentConfiguration = true
            )
            .UseOrleans(
                (_, silo) =>
                {
                    SiloSetup.Configure(silo, settings);
                    if (exportsTelemetry)
                        silo.AddActivityPropagation();
                }
            )
            .Build();
    }

    private static void ConfigureLogging(IConfiguration configuration, ILoggingBuilder logging)
    {
        logging.ClearProviders();
        // A line for each request to the health endpoints says nothing; a warning does. What is configured comes later and wins.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Orleans", LogLevel.Warning);
        // Orleans' placement tells it of every attempt.
        logging.AddFilter("Polly", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
    }
}
