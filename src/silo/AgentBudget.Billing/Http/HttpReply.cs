using System.Text.Json;
using AgentBudget.Billing.Exporting;

namespace AgentBudget.Billing.Http;

/// <summary>What a billing system answered.</summary>
/// <param name="Status">The status; 0 where there was no answer.</param>
/// <param name="Body">The body, up to 4 MiB of it; without an answer, what happened instead.</param>
/// <param name="RetryAfter">How long it asks to be given; null where it does not.</param>
/// <param name="MayBeTaken">Whether it may have done what it was asked, and not said so.</param>
internal sealed record HttpReply(int Status, string Body, TimeSpan? RetryAfter, bool MayBeTaken)
{
    private const int MostWords = 300;

    /// <summary>Whether it says that it is done. That alone accepts nothing: a page to log in at says so, too.</summary>
    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>Whether the body had more than is read.</summary>
    public bool IsCut { get; init; }

    /// <summary>What happened, in our words alone.</summary>
    public string Problem => Status == 0 ? Body : FormattableString.Invariant($"it answered {Status}");

    /// <summary>What happened, in its words as well: they may name customers, and belong in a dead letter and nowhere else.</summary>
    public string Detail => Status == 0 || Body.Length == 0 ? Problem : $"{Problem}: {Short(Body)}";

    /// <summary>No answer.</summary>
    public static HttpReply None(string problem, bool mayBeTaken) => new(0, problem, null, mayBeTaken);

    /// <summary>What becomes of costs that were sent with it and that it does not account for, by its status.</summary>
    public LeftCosts Left =>
        Status switch
        {
            // It may be that they were taken. More likely something else answers there.
            >= 200 and < 300 => new LeftCosts(
                LeftFor.Mend,
                FormattableString.Invariant($"it answered {Status}, and not in the form that it documents"),
                MayBeTaken: true
            ),
            // Whatever it is that answers there, it is not what was meant, or it does not let us in.
            >= 300 and < 400 or 401 or 405 or 407 => new LeftCosts(LeftFor.Mend, Problem, null, MayBeTaken),
            413 => new LeftCosts(LeftFor.Parts, Detail, null, MayBeTaken),
            // It asks for time: no cost is at fault.
            408 or 425 or 429 => new LeftCosts(LeftFor.Later, Problem, RetryAfter, MayBeTaken) { IsOfAll = true },
            // Of one cost, of all of them, or of something on the way: all billing systems say in JSON what they refuse.
            403 or 404 or 410 => new LeftCosts(LeftFor.Unclear, Problem, null, MayBeTaken),
            >= 400 and < 500 and not 409 => IsJson
                ? new LeftCosts(LeftFor.Parts, Detail, null, MayBeTaken)
                : new LeftCosts(LeftFor.Unclear, Problem, null, MayBeTaken),
            _ => new LeftCosts(LeftFor.Later, Problem, RetryAfter, MayBeTaken) { IsOfAll = RetryAfter is not null },
        };

    private bool IsJson
    {
        get
        {
            using var json = ReadJson();
            return json is not null;
        }
    }

    /// <summary>The body as JSON; null where it is none, or no object.</summary>
    public JsonDocument? ReadJson()
    {
        try
        {
            var json = JsonDocument.Parse(Body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The beginning of a text, on one line.</summary>
    public static string Short(string text)
    {
        var line = new string([.. text.Take(MostWords).Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        return text.Length > MostWords ? line + "…" : line;
    }
}
