using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>Slips that a statement shows by itself.</summary>
internal static class StatementSlips
{
    /// <summary>
    /// The statement with its cached tokens under their name. A cache write is dearer than input, or is what storage costs beside a read;
    /// one below input where no read is stated is the price of the read: litellm has OpenAI's half of input so for the regions of
    /// <c>gpt-4o-2024-11-20</c>, beside the same half as a read for the model itself.
    /// </summary>
    public static Statement Mended(Statement statement)
    {
        foreach (var sheet in statement.Rows.Select(row => row.Standard))
        {
            if (
                sheet[RateDimension.CacheRead] is null
                && sheet[RateDimension.CacheWrite] is > 0 and var usd
                && usd < sheet[RateDimension.Input]
            )
            {
                sheet.Rates.Remove(RateDimension.CacheWrite);
                sheet.Set(RateDimension.CacheRead, usd);
            }
        }

        return statement;
    }
}
