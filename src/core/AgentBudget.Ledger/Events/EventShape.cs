namespace AgentBudget.Ledger;

/// <summary>How a field of an event looks in JSON.</summary>
internal enum EventFieldForm
{
    /// <summary>A decimal string of dollars, with nine decimals.</summary>
    Money,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A number that may have decimals.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A decimal string of a fraction.</summary>
    Fraction,

    /// <summary>An object, of the fields that its shape names; of texts where it names none.</summary>
    Part,

    /// <summary>A list of such objects.</summary>
    Parts,

    /// <summary>A list of whole numbers.</summary>
    Counts,

    /// <summary>A list of decimal strings of fractions.</summary>
    Fractions,
}

/// <summary>A field of an event's JSON, or of an object within: its name, how it looks and what it means, once for schemas and
/// page.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">How it looks.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="IsOptional">Whether it is there only when there is something to say.</param>
internal sealed record EventShape(string Name, EventFieldForm Form, string Meaning, bool IsOptional = false)
{
    /// <summary>The fields within, where it is an object or a list of objects.</summary>
    public IReadOnlyList<EventShape> Fields { get; init; } = [];
}

/// <summary>The shapes of the objects within events. What writes them is held against these by a test, field by field.</summary>
internal static class EventShapes
{
    /// <summary>The amounts of a standing, and how each is had of one: three that are stored, three that follow from them.</summary>
    public static readonly IReadOnlyList<(EventShape Shape, Func<Standing, Money> Of)> Amounts =
    [
        (new("budget", EventFieldForm.Money, "Dollars that may be authorised; of a tenant its limit in total."), of => of.Budget),
        (new("spent", EventFieldForm.Money, "All cost recorded: settled and overage."), of => of.Spent),
        (new("settled", EventFieldForm.Money, "What of that the budget covers."), of => of.Settled),
        (new("overage", EventFieldForm.Money, "What of that it does not."), of => of.Overage),
        (
            new("reserved", EventFieldForm.Money, "What is set aside for calls and carved children; of a tenant what is out."),
            of => of.Reserved
        ),
        (new("available", EventFieldForm.Money, "What is left: budget less reserved and settled."), of => of.Available),
    ];

    /// <summary>Money and state.</summary>
    public static readonly IReadOnlyList<EventShape> After =
    [
        .. Amounts.Select(amount => amount.Shape),
        new("breaker", EventFieldForm.Text, "closed, open or paused."),
        new("ended", EventFieldForm.Flag, "Whether the session takes no new money any more."),
    ];

    /// <summary>What was spent, by model and tool.</summary>
    public static readonly IReadOnlyList<EventShape> Report =
    [
        .. Amounts.Select(amount => amount.Shape),
        new("spend", EventFieldForm.Parts, "What that was spent on: the dearest names, and the rest as (other).")
        {
            Fields =
            [
                new("kind", EventFieldForm.Text, "llm or tool."),
                new("name", EventFieldForm.Text, "The model or the tool."),
                new("total", EventFieldForm.Money, "What it cost."),
                new("calls", EventFieldForm.Count, "How many calls it had."),
            ],
        },
    ];

    /// <summary>A call.</summary>
    public static readonly IReadOnlyList<EventShape> Call =
    [
        new("cost_type", EventFieldForm.Text, "llm or tool."),
        Optional("model", "The model, of an llm."),
        Optional("tool_name", "The tool."),
        Optional("provider", "Who has the model."),
        Optional("agent", "The agent that called."),
        new("usage", EventFieldForm.Part, "What it used, as it was said.", IsOptional: true)
        {
            Fields = [.. UsageDimensions.All.Select(row => new EventShape(row.Name, EventFieldForm.Count, row.Meaning, IsOptional(row)))],
        },
        Optional("service_tier", "The tier that it was served in."),
        Optional("region", "Where it was served."),
        Optional("speed", "How fast it was served, where that has a price."),
        Optional("price_row", "The row of the price table by which it was priced."),
        new("table_cost", EventFieldForm.Money, "What the table makes of it, where the provider said another cost.", IsOptional: true),
        Optional("cost_source", "How its cost is known, where not by the provider's final word: partial, estimated, reserved."),
    ];

    /// <summary>Evidence of a loop.</summary>
    public static readonly IReadOnlyList<EventShape> Loop =
    [
        new("rule", EventFieldForm.Text, "The rule that found it: see docs/loops.md."),
        new("action", EventFieldForm.Text, "What was done about it: warn, throttle or trip."),
        new("name", EventFieldForm.Text, "The tool or model of the call that was judged."),
        Optional("agent", "Its agent's label."),
        new("fingerprint", EventFieldForm.Text, "Its fingerprint, 16 hexadecimal digits."),
        new("count", EventFieldForm.Count, "What the rule counted, the call that was judged included: calls, rounds of a cycle, or turns."),
        new("period", EventFieldForm.Count, "The length of the cycle.", IsOptional: true),
        new("window_seconds", EventFieldForm.Count, "How far the rule looks back."),
        new("sequences", EventFieldForm.Counts, "The entries that it counted, oldest first, the last 24 of them."),
        new("spent", EventFieldForm.Money, "What the session has spent since the first of them began."),
        new("waiting_since", EventFieldForm.Count, "The entry that was first warned about a wait that goes on.", IsOptional: true),
        new("retry_after_seconds", EventFieldForm.Number, "After how long a slowed call may be made.", IsOptional: true),
        new("finding", EventFieldForm.Text, "It in a sentence."),
        new("reset", EventFieldForm.Text, "What begins the count anew, in a sentence."),
    ];

    /// <summary>A tenant's limits.</summary>
    public static readonly IReadOnlyList<EventShape> Limits =
    [
        .. Enum.GetValues<WindowKind>()
            .Select(kind => new EventShape(Words.Of(kind), EventFieldForm.Money, LimitOf(kind), IsOptional: true)),
        new("time_zone", EventFieldForm.Text, "The time zone in which its windows begin."),
        new("mode", EventFieldForm.Text, "enforce or observe."),
        new("soft_limits", EventFieldForm.Fractions, "The fractions of each limit that are told when they are reached."),
    ];

    private static string LimitOf(WindowKind kind) =>
        kind == WindowKind.Total ? "The limit in total." : $"The limit of each {Words.Of(kind)}.";

    private static EventShape Optional(string name, string meaning) => new(name, EventFieldForm.Text, meaning, IsOptional: true);

    // Those two are always written.
    private static bool IsOptional(UsageDimensionRow row) => row.Dimension > UsageDimension.Output;
}
