using System.CommandLine;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Pricing;

namespace AgentBudget.Cli.Commands.Events;

/// <summary>Which events are asked for.</summary>
/// <param name="Filter">Of whom, and of which types.</param>
/// <param name="Since">None before this.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="IsFollowing">Whether it goes on with what comes.</param>
/// <param name="IsFromEnd">Whether it begins with what comes.</param>
/// <param name="IsJson">Whether it is for programs.</param>
internal sealed record AskedEvents(EventFilter Filter, DateTimeOffset Since, long Limit, bool IsFollowing, bool IsFromEnd, bool IsJson);

/// <summary>The options that say it.</summary>
internal sealed class EventsOptions
{
    private readonly Option<bool> follow = new("--follow")
    {
        Description = "Go on with what comes, until it is ended. Begins now, or with --session or --since with what was.",
    };

    private readonly Option<string> since = new("--since")
    {
        HelpName = "TIME",
        Description = "None before: a time such as 2026-11-29T08:00Z, or an age such as 30m or 24h.",
    };

    private readonly Option<string> tenant = new("--tenant")
    {
        HelpName = "PATH",
        Description = "Only those of this tenant and of all below it.",
    };

    private readonly Option<string> session = new("--session") { HelpName = "ID", Description = "Only those of this session." };

    private readonly Option<string[]> types = new("--type")
    {
        HelpName = "NAME",
        Description = "Only those of this type, such as limit.soft; may be said several times.",
    };

    private readonly Option<string> limit = new("--limit")
    {
        HelpName = "N",
        Description = "How many at most, oldest first. Default: all.",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Write JSON, one event a line.", Recursive = true };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { follow, since, tenant, session, types, limit, Json })
            command.Add(option);
    }

    public AskedEvents Read(ParseResult parsed, DateTimeOffset now)
    {
        var filter = new EventFilter
        {
            Tenant = Inputs.Tenant("--tenant", parsed.GetValue(tenant)),
            Ledger = parsed.GetValue(session),
            Types = parsed.GetValue(types) ?? [],
        };
        try
        {
            filter.Validate();
        }
        catch (ArgumentException refused)
        {
            throw new UsageException($"--type: {refused.Message}");
        }

        var begins = parsed.GetValue(since) is { } text ? TimeOf(text, now) : DateTimeOffset.MinValue;
        var isFollowing = parsed.GetValue(follow);
        return new AskedEvents(
            filter,
            begins,
            Inputs.Count("--limit", parsed.GetValue(limit), int.MaxValue, 1, int.MaxValue),
            isFollowing,
            isFollowing && filter.Ledger is null && parsed.GetValue(since) is null,
            parsed.GetValue(Json)
        );
    }

    /// <summary>A time, or an age.</summary>
    public static DateTimeOffset TimeOf(string text, DateTimeOffset now)
    {
        if (IsoTime.TryParse(text, out var time))
            return time;
        if (text.Length > 1 && text[^1] is 's' or 'm' or 'h')
            return now - Inputs.Duration("--since", text, default, (TimeSpan.FromSeconds(1), TimeSpan.FromDays(3_650)));
        throw new UsageException($"--since \"{text}\" is no time; write one such as 2026-11-29T08:00Z, or an age such as 30m or 24h.");
    }
}
