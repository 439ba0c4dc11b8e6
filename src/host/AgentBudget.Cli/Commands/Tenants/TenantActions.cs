using System.CommandLine;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary>The commands that act on one tenant: <c>agentbudget tenant pause|stop|resume|top-up PATH</c>.</summary>
internal static class TenantActions
{
    private static readonly (string Word, WindowKind Kind)[] Windows =
    [
        ("total", WindowKind.Total),
        ("day", WindowKind.Day),
        ("week", WindowKind.Week),
        ("month", WindowKind.Month),
    ];

    private delegate Task<Acted> PauseWithin(TenantBudget tenant, Cause cause, TimeSpan within, CancellationToken cancellationToken);

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All(TenantOptions common, CliTerminal terminal) =>
        [Pause(common, terminal), Stop(common, terminal), Resume(common, terminal), TopUp(common, terminal)];

    private static Command Pause(TenantOptions common, CliTerminal terminal) =>
        Pausing(
            "pause",
            "Pauses a tenant and all below it: no new money for anybody until it is resumed. What was decided before stands.",
            common,
            terminal,
            mayCreate: true,
            async (tenant, cause, within, cancellationToken) =>
            {
                var answer = await tenant.PauseAsync(cause.Reason, cause.By, within, cancellationToken);
                var done = answer.IsUnchanged ? "was paused already" : "is paused";
                return Acted.Paused(answer, $"Tenant {tenant.Path} {done}{Acted.Reached(answer)}");
            }
        );

    private static Command Stop(TenantOptions common, CliTerminal terminal) =>
        Pausing(
            "stop",
            "Stops a tenant and all below it: every open session ends for good, and new ones are refused until it is resumed. Asked again, "
                + "it says how many are left.",
            common,
            terminal,
            mayCreate: true,
            async (tenant, cause, within, cancellationToken) =>
            {
                var answer = await tenant.StopAsync(cause.Reason, cause.By, within, cancellationToken);
                var done = answer.IsUnchanged ? "was stopped already" : "is stopped";
                return Acted.Paused(answer, $"Tenant {tenant.Path} {done}{Acted.Reached(answer)}");
            }
        );

    private static Command Resume(TenantOptions common, CliTerminal terminal) =>
        Pausing(
            "resume",
            "Lets go of a pause or a stop of a tenant. Sessions that were stopped stay so.",
            common,
            terminal,
            mayCreate: false,
            async (tenant, cause, within, cancellationToken) =>
            {
                try
                {
                    var answer = await tenant.ResumeAsync(cause.Reason, cause.By, within, cancellationToken);
                    return new Acted(answer, $"Tenant {tenant.Path} is resumed{Acted.Reached(answer)}");
                }
                catch (RefusedException refused) when (refused.Refusal.Reason == RefusalReason.NothingToResume)
                {
                    throw new CommandFailedException(
                        $"The tenant {tenant.Path} is not paused itself; where one above it is, resume that one."
                    );
                }
            }
        );

    private static Command Pausing(
        string name,
        string description,
        TenantOptions common,
        CliTerminal terminal,
        bool mayCreate,
        PauseWithin pause
    )
    {
        var within = new Option<string>("--within")
        {
            HelpName = "TIME",
            Description = "How long the answer waits for all to have written it, from 0s to 20s. Default 10s; the rest hear of it later.",
        };
        var create = new Option<bool>("--create")
        {
            Description = $"Do it to a tenant that nobody knows of yet, too, so that it holds for whoever comes. Default: an error.",
        };
        return TenantAction.Create(
            name,
            description,
            common,
            terminal,
            mayCreate ? [within, create] : [within],
            parsed =>
            {
                var time = Inputs.Duration("--within", parsed.GetValue(within), TimeSpan.FromSeconds(10), Bounds.PauseAnswer);
                return new TenantDeed((tenant, cause, cancellationToken) => pause(tenant, cause, time, cancellationToken))
                {
                    Creates = mayCreate && parsed.GetValue(create),
                    OrElse = mayCreate ? $" With --create, {name} it before anybody comes." : "",
                };
            }
        );
    }

    private static Command TopUp(TenantOptions common, CliTerminal terminal)
    {
        var amount = new Argument<string>("AMOUNT") { Description = "Dollars to add, such as 50.00." };
        var window = new Option<string>("--window")
        {
            HelpName = "total|day|week|month",
            Description = "Which limit: the total for good (default), that of a day, week or month for the one that runs.",
        };
        var key = KeyOptions.Key();
        return TenantAction.Create(
            "top-up",
            "Raises a limit of a tenant. Whoever was exhausted goes on.",
            common,
            terminal,
            [amount, window, key],
            parsed =>
            {
                var added = Inputs.Dollars("AMOUNT", parsed.GetRequiredValue(amount));
                var kind = Inputs.Word("--window", parsed.GetValue(window), Windows);
                var once = KeyOptions.Read(parsed, key, terminal.Time);
                return new TenantDeed((tenant, cause, cancellationToken) => RaiseAsync(tenant, added, kind, cause, once, cancellationToken))
                {
                    Key = once,
                    Standing = after => $"The limit in force is {after[kind].LimitInForce?.ToString() ?? "none"}.",
                };
            }
        );
    }

    private static async Task<Acted> RaiseAsync(
        TenantBudget tenant,
        Money added,
        WindowKind kind,
        Cause cause,
        string key,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var answer = await tenant.TopUpAsync(added, kind, cause.By, cause.Reason, key, cancellationToken);
            var done = answer.IsReplay ? "was given" : "has";
            return new Acted(answer, $"Tenant {tenant.Path} {done} {added} more ({Windows[(int)kind].Word}).");
        }
        catch (RefusedException refused) when (refused.Refusal.Reason == RefusalReason.NoLimit)
        {
            throw new CommandFailedException(
                $"The tenant {tenant.Path} has no limit ({Windows[(int)kind].Word}) that could be raised; set one with "
                    + $"\"agentbudget tenant set {tenant.Path}\", or name another with --window."
            );
        }
    }
}
