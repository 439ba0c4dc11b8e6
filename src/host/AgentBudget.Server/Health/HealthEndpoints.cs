using System.Text.Json;
using System.Text.Json.Serialization;
using AgentBudget.Orleans.Writing;
using AgentBudget.Server.Settings;

namespace AgentBudget.Server.Health;

/// <summary>Answers questions about the server's health in JSON: 200 when all is well, 503 when not.</summary>
internal static class HealthEndpoints
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";
    public const string Store = "/health/store";
    public const string Writer = "/health/writer";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Use(IApplicationBuilder application)
    {
        application.UseRouting();
        application.UseEndpoints(endpoints =>
        {
            endpoints.MapGet(Live, () => Answer(new StateHealth("live"), isWell: true));
            endpoints.MapGet(Ready, (IHostApplicationLifetime lifetime) => AnswerReady(lifetime));
            endpoints.MapGet(
                Store,
                async (StoreProbe probe, CancellationToken cancellationToken) =>
                {
                    var health = await probe.AskAsync(cancellationToken);
                    return Answer(health, health.IsWell);
                }
            );
            endpoints.MapGet(
                Writer,
                (ILedgerWriterStatus writer, ServerSettings settings) => AnswerWriter(writer, settings.Health.WriterLagLimit)
            );
        });
    }

    // Of this server alone: while the database is away all servers are as ready as each other, and restarting them would not mend it.
    private static IResult AnswerReady(IHostApplicationLifetime lifetime)
    {
        var isDraining = lifetime.ApplicationStopping.IsCancellationRequested;
        var isStarted = lifetime.ApplicationStarted.IsCancellationRequested;
        return Answer(
            new StateHealth(
                isDraining ? "draining"
                : isStarted ? "ready"
                : "starting"
            ),
            isStarted && !isDraining
        );
    }

    private static IResult AnswerWriter(ILedgerWriterStatus writer, TimeSpan limit)
    {
        var lag = writer.Lag;
        var isWell = lag < limit;
        return Answer(new WriterHealth(isWell ? "keeping_up" : "behind", writer.WaitingSessions, Math.Round(lag.TotalSeconds, 3)), isWell);
    }

    private static IResult Answer<T>(T health, bool isWell) =>
        Results.Json(health, Json, statusCode: isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private sealed record StateHealth(string Status);

    private sealed record WriterHealth(string Status, int WaitingSessions, double LagSeconds);
}
