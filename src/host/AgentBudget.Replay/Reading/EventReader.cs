using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Replay.Reading;

/// <summary>Reads an event line of a trace. Fields that it does not know are left alone.</summary>
internal static class EventReader
{
    private const string CostField = "recorded_cost_usd";

    // The first 64 bits of a hash. Anything shorter may be what a tool says: a count, a status, a word.
    private const int HashDigits = 16;

    /// <param name="line">The line.</param>
    /// <param name="number">Which event it is.</param>
    /// <param name="previous">The time of the event before it.</param>
    public static TraceEvent Read(TraceLine line, int number, TimeSpan previous)
    {
        var kind = line.AnyText("kind") ?? throw line.Wrong("\"kind\" is missing; \"llm\", \"tool\" or \"user\" is expected.");
        var elapsed = ReadTime(line, previous);
        var usage = kind == "llm" ? UsageReader.Read(line) : null;
        var call = kind switch
        {
            "llm" => Call.Model(line.Text("model", Bounds.NameLength) ?? TraceEvent.UnnamedModel, line.Text("provider", Bounds.NameLength)),
            "tool" => Call.Tool(
                line.Text("tool", Bounds.NameLength) ?? throw line.Wrong("\"tool\" is missing; a tool call has the tool's name."),
                line.AnyText("args") ?? "{}"
            ),
            "user" => Call.Model("user"),
            _ => throw line.Wrong($"\"kind\" is {Shown.Value(kind)}; \"llm\", \"tool\" or \"user\" is expected."),
        };
        var (result, hasFailed) = kind == "tool" ? ReadResult(line) : default;
        return new TraceEvent
        {
            Number = number,
            Elapsed = elapsed,
            Call = call with
            {
                Agent = line.Text("agent", Bounds.NameLength),
                ServiceTier = kind == "llm" ? line.Text("service_tier", Bounds.NameLength) : null,
                Region = kind == "llm" ? line.Text("region", Bounds.NameLength) : null,
                Speed = kind == "llm" ? line.Text("speed", Bounds.NameLength) : null,
                Usage = usage ?? default,
                Result = result,
                Failed = hasFailed,
            },
            IsUserMessage = kind == "user",
            HasUsage = usage is not null,
            RecordedCost = ReadCost(line),
        };
    }

    private static TimeSpan ReadTime(TraceLine line, TimeSpan previous)
    {
        if (line.Find("t") is not { } t)
            throw line.Wrong("\"t\" is missing; the milliseconds since the start are expected.");
        var milliseconds = line.Count(t, "t");
        if (milliseconds > (long)Trace.MaxDuration.TotalMilliseconds)
            throw line.Wrong(
                FormattableString.Invariant(
                    $"\"t\" is {milliseconds}; a run may last at most {Trace.MaxDuration.Days} days, in milliseconds."
                )
            );
        var elapsed = TimeSpan.FromMilliseconds(milliseconds);
        return elapsed >= previous
            ? elapsed
            : throw line.Wrong(
                FormattableString.Invariant(
                    $"\"t\" is {milliseconds}, before the {previous.TotalMilliseconds} of the event above; sort the events by time."
                )
            );
    }

    // Of a record that keeps a hash of the result nothing can be masked any more; text is read as the client reads it.
    private static CallOutcome ReadResult(TraceLine line)
    {
        var hasFailed = line.Find("ok") is { ValueKind: JsonValueKind.False };
        if (line.AnyText("result_sha") is not { } text)
            return new CallOutcome(0, hasFailed);
        return text.Length == HashDigits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
            ? new CallOutcome(Math.Max(1, hash), hasFailed)
            : CallOutcome.Of(text, line.AnyText("args"), hasFailed);
    }

    private static Money? ReadCost(TraceLine line)
    {
        if (line.Find(CostField) is not { } cost)
            return null;
        var shown = Shown.Value(cost.GetRawText());
        if (cost.ValueKind != JsonValueKind.Number)
            throw line.Wrong($"\"{CostField}\" is {shown}; a number of dollars is expected.");
        if (!cost.TryGetDecimal(out var dollars) || dollars > Money.MaxAmount.Dollars || dollars < -Money.MaxAmount.Dollars)
            throw line.Wrong($"\"{CostField}\" is {shown}, beyond {Money.MaxAmount}, the largest amount one call may cost.");
        return dollars >= 0
            ? Money.FromDollarsRoundedUp(dollars)
            : throw line.Wrong($"\"{CostField}\" is {shown}; a cost must not be negative.");
    }
}
