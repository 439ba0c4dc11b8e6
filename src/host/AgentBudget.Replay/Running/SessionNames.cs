using System.Buffers;
using System.Globalization;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Replay.Running;

/// <summary>Names sessions after the files that are replayed in them: <c>replay/name</c>, then <c>replay/name/2</c> and so on.</summary>
internal static class SessionNames
{
    private const string Prefix = "replay/";
    private const int MaxRepeats = 9_999;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-"
    );

    /// <summary>The first name for this file that no session of the store has.</summary>
    public static async Task<string> FindFreeAsync(string file, ILedgerStore store, CancellationToken cancellationToken)
    {
        var name = NameOf(file);
        for (var repeat = 1; repeat <= MaxRepeats; repeat++)
        {
            var id = repeat == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}/{repeat}");
            if (await store.LoadAsync(id, cancellationToken) is null)
                return id;
        }

        throw new TraceException(
            file,
            FormattableString.Invariant($"was replayed {MaxRepeats} times in this ledger; name another ledger.")
        );
    }

    private static string NameOf(string file)
    {
        var stem = Path.GetFileNameWithoutExtension(file);
        if (stem.Length == 0)
            stem = "run";
        var room = Bounds.IdLength - Prefix.Length - "/9999".Length;
        return Prefix
            + string.Create(
                Math.Min(stem.Length, room),
                stem,
                static (span, source) =>
                {
                    for (var i = 0; i < span.Length; i++)
                        span[i] = Allowed.Contains(source[i]) ? source[i] : '-';
                }
            );
    }
}
