using System.Net;
using System.Text.Json;
using AgentBudget.Client.Tests.Ledgers;
using Polly.Timeout;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Wrapping;

/// <summary>A call that fails: the money goes back where the provider cannot have billed, and counts as spent where it may have.</summary>
public sealed class FailedCallTests(SharedLedger ledger)
{
    private static readonly Dictionary<string, (Func<Exception> Make, FailedCall Outcome)> Cases = new()
    {
        ["a server error"] = (() => new HttpRequestException("?", null, HttpStatusCode.InternalServerError), FailedCall.Release),
        ["an overloaded provider"] = (() => new HttpRequestException("?", null, (HttpStatusCode)529), FailedCall.Release),
        ["a request time-out"] = (() => new HttpRequestException("?", null, HttpStatusCode.RequestTimeout), FailedCall.SettleReserved),
        ["a client that went away"] = (() => new HttpRequestException("?", null, (HttpStatusCode)499), FailedCall.SettleReserved),
        ["a proxy without an answer"] = (() => new HttpRequestException("?", null, (HttpStatusCode)524), FailedCall.SettleReserved),
        ["a gateway time-out"] = (() => new HttpRequestException("?", null, HttpStatusCode.GatewayTimeout), FailedCall.SettleReserved),
        ["a refused request"] = (() => new HttpRequestException("?", null, HttpStatusCode.BadRequest), FailedCall.Release),
        ["too many requests"] = (() => new HttpRequestException("?", null, HttpStatusCode.TooManyRequests), FailedCall.Release),
        ["no such host"] = (() => new HttpRequestException(HttpRequestError.NameResolutionError), FailedCall.Release),
        ["no connection"] = (() => new HttpRequestException(HttpRequestError.ConnectionError), FailedCall.Release),
        ["no secure connection"] = (() => new HttpRequestException(HttpRequestError.SecureConnectionError), FailedCall.Release),
        ["an answer cut short"] = (() => new HttpRequestException(HttpRequestError.ResponseEnded), FailedCall.SettleReserved),
        ["a broken connection"] = (() => new HttpRequestException("?"), FailedCall.SettleReserved),
        ["a broken stream"] = (() => new IOException("?"), FailedCall.SettleReserved),
        ["a time-out"] = (() => new TimeoutException("?"), FailedCall.SettleReserved),
        ["a cancellation"] = (() => new TaskCanceledException("?"), FailedCall.SettleReserved),
        ["a time-out of a retry policy"] = (() => new TimeoutRejectedException("?"), FailedCall.SettleReserved),
        ["an answer that is not JSON"] = (() => new JsonException("?"), FailedCall.SettleReserved),
        ["retries that all timed out"] = (
            () => new AggregateException("Retry failed after 4 tries.", new TaskCanceledException("?"), new TaskCanceledException("?")),
            FailedCall.SettleReserved
        ),
        ["retries of which one timed out"] = (
            () =>
                new AggregateException(
                    new HttpRequestException("?", null, HttpStatusCode.InternalServerError),
                    new SdkException(0, new IOException("?")),
                    new HttpRequestException("?", null, HttpStatusCode.InternalServerError)
                ),
            FailedCall.SettleReserved
        ),
        ["retries that were all refused"] = (
            () => new AggregateException(new SdkException(429, null), new SdkException(503, null)),
            FailedCall.Release
        ),
        ["an SDK's error without an answer"] = (() => new SdkException(0, null), FailedCall.SettleReserved),
        ["an SDK's broken connection"] = (() => new SdkException(0, new IOException("?")), FailedCall.SettleReserved),
        ["an SDK without a host to speak to"] = (
            () => new SdkException(0, new HttpRequestException(HttpRequestError.NameResolutionError)),
            FailedCall.Release
        ),
        ["an SDK's refused request"] = (() => new SdkException(400, new IOException("?")), FailedCall.Release),
        ["an SDK's gateway time-out"] = (() => new SdkException(504, null), FailedCall.SettleReserved),
        ["an SDK's status as a code"] = (() => new CodedException(HttpStatusCode.BadGateway), FailedCall.SettleReserved),
        ["an answer that was given and cannot be read"] = (() => new SdkException(200, null), FailedCall.SettleReserved),
        ["an SDK that knows no status"] = (() => new CodedException(null), FailedCall.Release),
        ["an SDK whose status throws"] = (() => new BrokenException(new TimeoutException("?")), FailedCall.SettleReserved),
        ["an SDK's status said anew"] = (() => new DerivedException(504), FailedCall.SettleReserved),
        ["a wrapped time-out"] = (
            () => new InvalidOperationException("?", new NotSupportedException("?", new TimeoutException("?"))),
            FailedCall.SettleReserved
        ),
        ["an error of the caller's code"] = (() => new InvalidOperationException("?"), FailedCall.Release),
    };

    private class SdkException(int status, Exception? inner) : Exception("?", inner)
    {
        public int Status => status;
    }

    private sealed class DerivedException(int status) : SdkException(400, null)
    {
        public new int Status => status;
    }

    private sealed class CodedException(HttpStatusCode? code) : Exception("?")
    {
        public string Status => Message;

        public HttpStatusCode? StatusCode => code;
    }

    private sealed class BrokenException(Exception inner) : Exception("?", inner)
    {
        public int Status => throw new InvalidOperationException(Message);
    }

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory, MemberData(nameof(Names))]
    public void DefaultPolicy_EachKindOfFailure_IsDecided(string name) =>
        Assert.Equal(Cases[name].Outcome, FailedCalls.Default(Cases[name].Make()));

    [Theory, MemberData(nameof(Names))]
    public async Task Wrap_CallFails_MoneyGoesWhereThePolicySays(string name)
    {
        var (make, outcome) = Cases[name];
        await using var session = await ledger.OpenAsync("1.00");
        var fault = make();
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => FailAsync(session, fault));
        Assert.Same(fault, thrown);
        var standing = await session.NowAsync();
        var last = (await session.EntriesAsync())[^1];
        Assert.Equal(Money.Zero, standing.Reserved);
        if (outcome == FailedCall.Release)
        {
            Assert.Equal((Money.Zero, EntryKind.Released), (standing.Spent, last.Kind));
            return;
        }

        // Each attempt without an answer may have been billed.
        var spent = name == "retries that all timed out" ? "0.60" : "0.30";
        Assert.Equal((Dollars(spent), EntryKind.Settled, CostSource.Reserved), (standing.Spent, last.Kind, last.Call!.Source));
    }

    [Fact]
    public async Task Wrap_CallFailsBeforeItsFirstAwait_MoneyComesBack()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            session.WrapAsync<int>(
                CallEstimate.Model("gpt-5", "0.30"),
                _ => throw new InvalidOperationException("at once"),
                _ => Money.Zero,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(Dollars("1.00"), (await session.NowAsync()).Available);
    }

    [Fact]
    public async Task Wrap_PolicyOfOnesOwn_Decides()
    {
        var client = ledger.NewClient(options => options.OnFailedCall = _ => FailedCall.SettleReserved);
        await using var session = await client.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(session, new InvalidOperationException("?")));
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Spent);
    }

    private static Task<string> FailAsync(BudgetSession session, Exception fault) =>
        session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            _ => Task.FromException<string>(fault),
            _ => ActualCost.Of("0.10"),
            cancellationToken: TestContext.Current.CancellationToken
        );
}
