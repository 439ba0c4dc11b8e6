namespace AgentBudget.Orleans.Sqlite.Tests;

/// <summary>What a failure is told as.</summary>
public sealed class SqliteErrorsTests
{
    // Whoever is told of damage goes and restores a backup over a ledger that is sound.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Library_ThatCannotBeLoaded_IsNotToldAsDamage(bool isWrapped)
    {
        var missing = new DllNotFoundException("Unable to load shared library 'e_sqlite3'.\nA list of places.");

        var told = Assert.Throws<LedgerStoreUnavailableException>(() =>
            SqliteErrors.Read<int>("x.db", () => throw (isWrapped ? new TypeInitializationException("Connection", missing) : missing))
        );

        Assert.DoesNotContain("damaged", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", told.Message, StringComparison.Ordinal);
        Assert.StartsWith("The ledger x.db cannot be opened, because SQLite's native library", told.Message, StringComparison.Ordinal);
        Assert.Contains("'e_sqlite3'", told.Message, StringComparison.Ordinal);
    }
}
