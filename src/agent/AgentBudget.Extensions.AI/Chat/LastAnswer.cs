using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>
/// What the last answer of a session is known by to the ledger, which grants it once, whoever asks: another client on the same session, in
/// this process or in another, has the same key.
/// </summary>
internal static class LastAnswer
{
    private const string Name = "last-answer";

    /// <summary>The idempotency key: one for each time that the budget was exhausted, and for each shared child.</summary>
    public static string KeyOf(BudgetSession session, BudgetExhaustedException refused)
    {
        // Where nothing latches, a budget that was raised is exhausted anew.
        var which = refused.Report is { BreakerOpenedSequence: > 0 and var opened } ? opened : -(refused.Budget?.NanoDollars ?? 0);
        var key = string.Create(CultureInfo.InvariantCulture, $"{Name}/{which}");
        // As long as a key may be, so that not every one fits.
        return session.Child is { } child ? $"{key}/{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(child)), 0, 16)}" : key;
    }
}
