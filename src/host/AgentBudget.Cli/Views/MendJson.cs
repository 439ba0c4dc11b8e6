using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentBudget.Cli.Views;

/// <summary>What was found of a ledger's log and done about it, as JSON on one line.</summary>
internal static class MendJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="ledger">The ledger's file.</param>
    /// <param name="damage">What is wrong with its log; null when nothing is, or no more.</param>
    /// <param name="givenUp">What was given up to mend it; null when nothing was.</param>
    public static string Write(string ledger, string? damage, string? givenUp) =>
        JsonSerializer.Serialize(
            new
            {
                Ledger = ledger,
                IsGood = damage is null,
                Damage = damage,
                GivenUp = givenUp,
            },
            Options
        );
}
