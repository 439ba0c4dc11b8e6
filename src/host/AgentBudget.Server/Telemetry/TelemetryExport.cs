using OpenTelemetry;
using OpenTelemetry.Resources;

namespace AgentBudget.Server.Telemetry;

/// <summary>Sends metrics, traces and logs over OTLP to where the standard <c>OTEL_*</c> variables say.</summary>
internal static class TelemetryExport
{
    private const string OrleansMeter = "Microsoft.Orleans";
    private const string RuntimeMeter = "System.Runtime";
    private const string OrleansSources = "Microsoft.Orleans.*";
    private const string ServiceName = "agentbudget-server";

    private static readonly string[] EndpointVariables =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>Whether an endpoint is named. Without one nothing is measured, traced or sent.</summary>
    public static bool IsWanted(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && EndpointVariables.Any(variable => !string.IsNullOrWhiteSpace(configuration[variable]));

    public static void Add(IServiceCollection services, IConfiguration configuration) =>
        services
            .AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                var isNamed =
                    !string.IsNullOrWhiteSpace(configuration["OTEL_SERVICE_NAME"])
                    || configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) == true;
                if (!isNamed)
                    resource.AddService(ServiceName, serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString());
            })
            .UseOtlpExporter()
            .WithMetrics(metrics => metrics.AddMeter(LedgerMetrics.MeterName, OrleansMeter, RuntimeMeter))
            .WithTracing(tracing => tracing.AddSource(LedgerTracing.SourceName, OrleansSources))
            .WithLogging();
}
