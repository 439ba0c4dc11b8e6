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

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All(TenantOptions common, CliTerminal terminal) =>
        [Pause(common, terminal), Stop(common, terminal), Resume(common, terminal), TopUp(common, terminal)];

    private static Command Pause(TenantOptions common, CliTerminal terminal) =>
        Pausing(
            "pause",
            "Pauses a tenant and all below it: no new money for anybody until it is resumed. What was decided before stands.",
            common,
            terminal,
            async (tenant, cause, within, cancellationToken) =>
            {
                var answer = await tenant.PauseAsync(cause.Reason, cause.By, within, cancellationToken);
                return ($"Tenant {tenant.Path} {(answer.IsUnchanged ? "was paused already" : "is paused")}{Reached(answer)}", answer);
            }
        );

    private static Command Stop(TenantOptions common, CliTerminal terminal) =>
        Pausing(
            "stop",
            "Stops a tenant and all below it: every open session ends for good, and new ones are refused until it is resumed. Asked again, "
                + "it says how many are left.",
            common,
            terminal,
            async (tenant, cause, within, cancellationToken) =>
            {
                var answer = await tenant.StopAsync(cause.Reason, cause.By, within, cancellationToken);
                return ($"Tenant {tenant.Path} {(answer.IsUnchanged ? "was stopped already" : "is stopped")}{Reached(answer)}", answer);
            }
        );

    private static Command Resume(TenantOptions common, CliTerminal terminal) =>
        Pausing(
            "resume",
            "Lets go of a pause or a stop of a tenant. Sessions that were stopped stay so.",
            common,
            terminal,
            async (tenant, cause, within, cancellationToken) =>
            {
                try
                {
                    var answer = await tenant.ResumeAsync(cause.Reason, cause.By, within, cancellationToken);
                    return ($"Tenant {tenant.Path} is resumed{Reached(answer)}", answer);
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
        Func<TenantBudget, Cause, TimeSpan?, CancellationToken, Task<(string, SessionAnswer?)>> act
    )
    {
        var within = new Option<string>("--within")
        {
            HelpName = "TIME",
            Description = "How long the answer waits for all to have written it, from 0s to 20s. Default 10s; the rest hear of it later.",
        };
        return TenantAction.Create(
            name,
            description,
            common,
            terminal,
            [within],
            parsed =>
            {
                var time = Inputs.Duration("--within", parsed.GetValue(within), TimeSpan.FromSeconds(10), Bounds.PauseAnswer);
                return (tenant, cause, cancellationToken) => act(tenant, cause, time, cancellationToken);
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
        return TenantAction.Create(
            "top-up",
            "Raises a limit of a tenant. Whoever was exhausted goes on.",
            common,
            terminal,
            [amount, window],
            parsed =>
            {
                var added = Inputs.Dollars("AMOUNT", parsed.GetRequiredValue(amount));
                var kind = Inputs.Word("--window", parsed.GetValue(window), Windows);
                return async (tenant, cause, cancellationToken) =>
                {
                    try
                    {
                        await tenant.TopUpAsync(added.ToDecimalString(), kind, cause.By, cause.Reason, cancellationToken);
                    }
                    catch (RefusedException refused) when (refused.Refusal.Reason == RefusalReason.NoLimit)
                    {
                        throw new CommandFailedException(
                            $"The tenant {tenant.Path} has no limit ({Windows[(int)kind].Word}) that could be raised; set one with "
                                + $"\"agentbudget tenant set {tenant.Path}\", or name another with --window."
                        );
                    }

                    var report = await tenant.ReportAsync(cancellationToken);
                    var limit = report![kind].LimitInForce?.ToString() ?? "none";
                    return ($"Tenant {tenant.Path} has {added} more ({Windows[(int)kind].Word}): the limit in force is {limit}.", null);
                };
            }
        );
    }

    private static string Reached(SessionAnswer answer) =>
        answer.ChildrenNotReached == 0
            ? $"; all that have money of it have written it ({answer.ChildrenTold})."
            : $"; {answer.ChildrenTold} that have money of it have written it, {answer.ChildrenNotReached} were not reached "
                + "and hear of it later.";
}
