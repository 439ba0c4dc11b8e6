using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// Gives calls that are the same the same number: name and arguments, with the arguments normalised first. JSON loses the order of its
/// keys, white space, and the form of numbers and paths; what changes from call to call without meaning anything is masked: times of
/// day, process ids, temporary files, and ids under names such as <c>request_id</c>. The first 64 bits of a SHA-256; never zero.
/// </summary>
public static class CallFingerprint
{
    /// <summary>The fingerprint of a call.</summary>
    /// <param name="name">The tool's or model's name.</param>
    /// <param name="arguments">
    /// JSON text is normalised; any other text is trimmed and masked; one above 64 Ki characters is taken as it is. Nothing at all,
    /// <c>null</c> and <c>{}</c> are the same: a call without arguments.
    /// </param>
    public static ulong Of(string name, string arguments)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(arguments);
        using var hash = new TextHash();
        hash.Add(name);
        if (IsNothing(arguments))
            hash.Add("{}");
        else if (arguments.Length > Bounds.ArgumentsLength)
            hash.Add(arguments.Trim());
        else if (NormalisedJson.TryWrite(arguments, hash.Buffer))
            return hash.Value();
        else
            hash.Add(VolatileText.Masked(arguments.Trim(), isResult: false));
        return hash.Value();
    }

    private static bool IsNothing(string arguments) => arguments.Length <= 8 && arguments.Trim() is "" or "{}" or "null" or "{ }";
}
