using System.Text.Json;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite.Tests.Verification;

/// <summary>All that a store answers about some sessions, as text, so that two readings can be compared.</summary>
internal static class ReadLedger
{
    /// <summary>What a question is answered with when the store says that it cannot.</summary>
    public const string Told = "told";

    /// <summary>Asks every question; anything but an answer or the exception of the store that names file and mend goes through.</summary>
    public static async Task<Dictionary<string, string>> AllAsync(
        ILedgerStore store,
        string filePath,
        IEnumerable<(string Session, IEnumerable<string> Keys)> sessions,
        CancellationToken token
    )
    {
        var answers = new Dictionary<string, string>();
        await AskAsync("list", async () => await store.ListAsync(new SessionListing(), token));
        await AskAsync("list of a tenant", async () => await store.ListAsync(new SessionListing(Tenant: TenantPath.Parse("acme")), token));
        foreach (var (session, keys) in sessions)
        {
            await AskAsync($"{session}", async () => await store.LoadAsync(session, token));
            await AskAsync($"timeline of {session}", async () => await store.ReadAsync(session, 1, int.MaxValue, token));
            await AskAsync($"page of {session}", async () => await store.ReadAsync(session, 7, 5, token));
            foreach (var key in keys)
                await AskAsync($"key {key} of {session}", async () => await store.FindByKeyAsync(session, key, token));
            for (var sequence = 2; sequence < 8; sequence++)
            {
                var of = sequence;
                await AskAsync($"related to {of} of {session}", async () => await store.FindRelatedAsync(session, of, token));
            }
        }

        return answers;

        async Task AskAsync(string question, Func<Task<object?>> ask)
        {
            try
            {
                answers[question] = JsonSerializer.Serialize(await ask());
            }
            catch (LedgerStoreUnavailableException exception)
            {
                AssertNamesFileAndMend(exception, filePath);
                answers[question] = Told;
            }
        }
    }

    public static void AssertNamesFileAndMend(LedgerStoreUnavailableException exception, string filePath)
    {
        Assert.Contains(filePath, exception.Message, StringComparison.Ordinal);
        Assert.True(exception.Message.Contains("backup", StringComparison.Ordinal), exception.Message);
    }
}
