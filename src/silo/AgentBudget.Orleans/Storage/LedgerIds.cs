namespace AgentBudget.Orleans.Storage;

/// <summary>
/// The ids under which a store holds ledgers. A session's ledger has the session's id; a ledger of another kind has one that begins with
/// <see cref="OtherKind"/>, which no session's id can hold, such as <c>~acme/research</c>.
/// </summary>
public static class LedgerIds
{
    /// <summary>What the id of a ledger begins with that is no session's. It does not count among the 128 characters of an id.</summary>
    public const char OtherKind = '~';

    /// <summary>Whether an id is that of a session's ledger.</summary>
    public static bool IsOfASession(string ledgerId) => !ledgerId.StartsWith(OtherKind);

    /// <summary>The id of a ledger of another kind.</summary>
    /// <param name="name">Its name: 1 to 128 ASCII letters, digits and <c>. _ : / -</c>.</param>
    /// <exception cref="ArgumentException">The name is none; the message says what it may be.</exception>
    public static string OfOtherKind(string name)
    {
        SessionIds.Validate(name);
        return OtherKind + name;
    }
}
