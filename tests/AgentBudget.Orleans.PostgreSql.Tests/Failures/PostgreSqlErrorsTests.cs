using System.Net.Sockets;
using AgentBudget.Orleans.PostgreSql.Failures;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Tests.Failures;

/// <summary>The database's failures are told apart from those of the data.</summary>
public sealed class PostgreSqlErrorsTests
{
    [Theory]
    [InlineData("57P01")]
    [InlineData("57P03")]
    [InlineData("57014")]
    [InlineData("40001")]
    [InlineData("40P01")]
    [InlineData("55P03")]
    [InlineData("53300")]
    [InlineData("25006")]
    [InlineData("08006")]
    public void State_ThatMayPass_IsTriedAgain(string state) => Assert.True(PostgreSqlErrors.Explain(Told(state), "ledger")!.MayPass);

    [Theory]
    [InlineData("53100")]
    [InlineData("28P01")]
    [InlineData("3D000")]
    [InlineData("42501")]
    [InlineData("42P01")]
    [InlineData("58030")]
    [InlineData("XX001")]
    public void State_ThatLasts_IsToldAtOnce(string state)
    {
        var failure = PostgreSqlErrors.Explain(Told(state), "ledger");
        Assert.NotNull(failure);
        Assert.False(failure.MayPass);
        Assert.Contains("ledger", failure.Unavailable.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("22021")]
    [InlineData("22003")]
    [InlineData("23505")]
    [InlineData("23514")]
    [InlineData("AB001")]
    public void State_OfTheData_IsNotTheDatabases(string state) => Assert.Null(PostgreSqlErrors.Explain(Told(state), "ledger"));

    [Fact]
    public void Connection_ThatBroke_IsTriedAgain()
    {
        Exception[] broken =
        [
            new NpgsqlException("broken", new IOException()),
            new NpgsqlException("late", new TimeoutException()),
            new SocketException(),
            new TimeoutException(),
        ];
        Assert.All(broken, exception => Assert.True(PostgreSqlErrors.Explain(exception, "ledger")!.MayPass));
    }

    [Fact]
    public void Data_ThatCannotBeSent_IsNotTheDatabases() => Assert.Null(PostgreSqlErrors.Explain(new InvalidCastException(), "ledger"));

    private static PostgresException Told(string state) => new("told", "ERROR", "ERROR", state);
}
