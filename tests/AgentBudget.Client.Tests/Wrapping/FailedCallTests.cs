using System.Net;
using System.Text.Json;
using AgentBudget.Client.Calls;
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
        ["an SDK that knows no status"] = (() => new CodedException(null), FailedCall.SettleReserved),
        ["an SDK whose status throws"] = (() => new BrokenException(new TimeoutException("?")), FailedCall.SettleReserved),
        ["an SDK's status said anew"] = (() => new DerivedException(504), FailedCall.SettleReserved),
        ["a wrapped time-out"] = (
            () => new InvalidOperationException("?", new NotSupportedException("?", new TimeoutException("?"))),
            FailedCall.SettleReserved
        ),
        ["an error of the caller's code, which may be behind the answer"] = (
            () => new InvalidOperationException("?"),
            FailedCall.SettleReserved
        ),
        ["an argument that somebody refuses, which may be a part of the answer"] = (
            () => new ArgumentNullException("?"),
            FailedCall.SettleReserved
        ),
        ["a form that nobody knows"] = (() => new UnknownException(), FailedCall.SettleReserved),
        ["retries of which nobody tells"] = (() => new AggregateException(), FailedCall.SettleReserved),
        ["a model that has no price"] = (() => new UnpricedCallException("openai", "?", default), FailedCall.Release),
        ["a tool that has no price"] = (() => new UnpricedToolException("?"), FailedCall.Release),
        ["a refusal within"] = (() => Refused(RefusalReason.TooLarge), FailedCall.Release),
        ["a charge within, which was recorded"] = (
            () => Refused(RefusalReason.BudgetExhausted, new RefusedMoney { IsRecorded = true }),
            FailedCall.SettleReserved
        ),
        ["a session within that stopped, and may have cut it"] = (() => Refused(RefusalReason.Paused), FailedCall.SettleReserved),
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

    private sealed class UnknownException : Exception;

    /// <summary>As Grpc.Core has it, whose package is not referenced.</summary>
    public enum StatusCode
    {
        OK,
        Cancelled,
        Unknown,
        InvalidArgument,
        DeadlineExceeded,
        NotFound,
        AlreadyExists,
        PermissionDenied,
        ResourceExhausted,
        FailedPrecondition,
        Aborted,
        OutOfRange,
        Unimplemented,
        Internal,
        Unavailable,
        DataLoss,
        Unauthenticated,
    }

    private readonly record struct RpcStatus(StatusCode Code, string Detail);

    private sealed class RpcException(StatusCode code) : Exception("?")
    {
        public RpcStatus Status => new(code, Message);

        public StatusCode StatusCode => code;
    }

    private static RefusedException Refused(RefusalReason reason, RefusedMoney money = default) =>
        RefusedException.For("s", new Refusal(reason, Money.Zero), report: null, money);

    // All of them counted as answered, a deadline that passed among them.
    [Theory]
    [InlineData(FailedCall.SettleReserved, "Cancelled, Unknown, DeadlineExceeded, Aborted, Internal, Unavailable, DataLoss, OK")]
    [InlineData(FailedCall.Release, "InvalidArgument, NotFound, AlreadyExists, PermissionDenied, ResourceExhausted")]
    [InlineData(FailedCall.Release, "FailedPrecondition, OutOfRange, Unimplemented, Unauthenticated")]
    public void DefaultPolicy_EachStatusOfGrpc_IsDecided(FailedCall outcome, string codes) =>
        Assert.All(
            codes.Split(", ").Select(Enum.Parse<StatusCode>),
            code =>
            {
                Assert.Equal(outcome, FailedCalls.Default(new RpcException(code)));
                Assert.Equal(outcome, FailedCalls.Default(new InvalidOperationException("?", new RpcException(code))));
            }
        );

    // Nobody has a handle to end it by: it expired, and its cost was missing.
    [Fact]
    public async Task Wrap_PolicyKeepsOpenWhatNobodyCanEnd_CountsAsSpent()
    {
        var client = ledger.NewClient(options => options.OnFailedCall = _ => FailedCall.KeepOpen);
        await using var session = await client.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => FailAsync(session, new TimeoutException()));
        await Assert.ThrowsAsync<TimeoutException>(() =>
            session.WrapStreamAsync<int>(
                CallEstimate.Model("gpt-5", "0.20"),
                (_, _) => throw new TimeoutException(),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal((Dollars("0.50"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Reserved));
    }

    [Fact]
    public async Task Wrap_PolicyKeepsOpenWhatHasAHandle_StaysSetAside()
    {
        var client = ledger.NewClient(options => options.OnFailedCall = _ => FailedCall.KeepOpen);
        await using var session = await client.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        BudgetedCall? handle = null;
        await Assert.ThrowsAsync<TimeoutException>(() =>
            session.WrapAsync<int>(
                CallEstimate.Model("gpt-5", "0.30"),
                (call, _) =>
                {
                    handle = call;
                    throw new TimeoutException();
                },
                _ => Money.Zero,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Reserved);
        await handle!.ReleaseAsync();
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
    public async Task Wrap_PolicyOfOnesOwn_Decides()
    {
        var client = ledger.NewClient(options => options.OnFailedCall = _ => FailedCall.Release);
        await using var session = await client.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(session, new InvalidOperationException("?")));
        Assert.Equal(Dollars("1.00"), (await session.NowAsync()).Available);
    }

    private static Task<string> FailAsync(BudgetSession session, Exception fault) =>
        session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            _ => Task.FromException<string>(fault),
            _ => ActualCost.Of("0.10"),
            cancellationToken: TestContext.Current.CancellationToken
        );
}
