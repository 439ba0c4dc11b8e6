using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Usage;

/// <summary>
/// The usages that a stream hands on: parts of one, by the contract of adapters, which are added up before they are read, because a part
/// can say what makes sense with the others alone (a total, what was cached). Some adapters hand on the whole so far each time.
/// </summary>
internal sealed class UsageParts
{
    private UsageDetails? first;
    private UsageDetails? several;
    private TokenUsage? apart;
    private TokenUsage last;
    private string? response;
    private long largestInput;

    /// <summary>All parts together; null for none.</summary>
    public TokenUsage? Sum { get; private set; }

    /// <summary>Takes a part.</summary>
    /// <param name="part">What the adapter handed on.</param>
    /// <param name="responseId">The response that it is of, where that and the provider's own words are there.</param>
    /// <returns>Whether it says what was used.</returns>
    public bool Add(UsageDetails part, string? responseId)
    {
        var usage = UsageCounts.Of(part);
        response = first is null || response == responseId ? responseId : null;
        Append(part);
        if (usage is { } read)
        {
            apart = apart is { } before ? before + read : read;
            (last, largestInput) = (read, Math.Max(largestInput, read.Input));
        }

        var whole = several is null ? usage : UsageCounts.Of(several);
        // Counters of providers are not tidy: where they come to less than one of them says, each counts by itself.
        Sum = whole is { } sum && sum.Input >= largestInput && sum.Output >= last.Output ? sum : apart;
        return usage is not null;
    }

    /// <summary>Whether the parts are of one response, and the last one says no more than the provider does: whoever reads the provider's
    /// own words has the whole, and the parts were the whole so far, each of them.</summary>
    public bool AreWithin(ResponseUsage told) =>
        response is not null
        && (told.ResponseId is null || told.ResponseId == response)
        && told.Usage is { } said
        && last.Input <= said.Input
        && last.Output <= said.Output;

    private void Append(UsageDetails part)
    {
        if (first is null)
        {
            first = part;
            return;
        }

        if (several is null)
        {
            several = new UsageDetails();
            several.Add(first);
        }

        several.Add(part);
    }
}
