namespace AgentBudget.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("-1", "is negative")]
    [InlineData("NaN", "is not an amount")]
    [InlineData("1e9", "is not an amount")]
    [InlineData("$", "has no digits")]
    [InlineData("", "is missing")]
    [InlineData("0", "must be above $0.00")]
    [InlineData("5000000000", "largest amount")]
    [InlineData("0.0000000001", "more than 9 decimals")]
    [InlineData("1\u001b[31m", "is not an amount")]
    public async Task Replay_WrongBudget_NamesItAndTheMend(string budget, string problem) =>
        (await Tool.RunAsync("replay", Tool.Sample(Tool.Fits), "--budget", budget)).FailedWith(ExitCodes.WrongUsage, "--budget", problem);

    [Theory]
    [InlineData("--soft", "2", "above 0 and up to 1")]
    [InlineData("--soft", "0", "above 0 and up to 1")]
    [InlineData("--soft", "-0.5", "above 0 and up to 1")]
    [InlineData("--soft", "90%", "above 0 and up to 1")]
    [InlineData("--loops", "on", "default or off")]
    [InlineData("--mode", "observe", "reserve or charge")]
    [InlineData("--loop-calls", "1", "from 2 to 256")]
    [InlineData("--loop-calls", "ten", "from 2 to 256")]
    [InlineData("--loop-window", "60", "such as 60s, 5m or 1h")]
    [InlineData("--loop-window", "1.5h", "such as 60s, 5m or 1h")]
    [InlineData("--loop-window", "-5s", "such as 60s, 5m or 1h")]
    [InlineData("--loop-window", "0s", "from 1s to 24h")]
    [InlineData("--loop-window", "25h", "from 1s to 24h")]
    [InlineData("--store", "foo:bar", "write memory, or sqlite:PATH")]
    [InlineData("--store", "sqlite:", "write memory, or sqlite:PATH")]
    [InlineData("--budgit", "5", "is no option of agentbudget replay")]
    public async Task Replay_WrongOption_NamesItAndTheMend(string option, string value, string mend) =>
        (await Tool.RunAsync("replay", Tool.Sample(Tool.Fits), "--budget", "1", option, value)).FailedWith(
            ExitCodes.WrongUsage,
            option,
            mend
        );

    [Theory]
    [InlineData("No file is named", "replay", "--budget", "1")]
    [InlineData("--budget is missing", "replay", "run.jsonl")]
    [InlineData("--budget", "replay", "run.jsonl", "--budget")]
    [InlineData("\"nothing-of-the-kind\" is no command of agentbudget; there are replay, loops, sessions", "nothing-of-the-kind")]
    [InlineData("--bogus is no option of agentbudget.", "--bogus")]
    [InlineData("--bogus is no option of agentbudget replay", "replay", "run.jsonl", "--bogus")]
    [InlineData("--bogus is no option of agentbudget replay", "replay", "--bogus")]
    [InlineData("-b is no option of agentbudget loops", "loops", "run.jsonl", "-b")]
    [InlineData("--bogus is no option of agentbudget models", "models", "--bogus")]
    [InlineData("--bogus is no option of agentbudget price", "price", "--bogus")]
    [InlineData("--bogus is no option of agentbudget report", "report", "--bogus", "--store", "sqlite:none")]
    [InlineData("\"bogus\" is no command of agentbudget sessions; there are list", "sessions", "bogus", "--store", "sqlite:none")]
    [InlineData("\"bogus\" is no command of agentbudget pricing; there are check, update, import", "pricing", "bogus")]
    [InlineData("\"two\" is one word too many for agentbudget sessions show", "sessions", "show", "one", "two", "--store", "sqlite:none")]
    [InlineData("AMOUNT: \"-5\"", "sessions", "top-up", "id", "-5", "--store", "sqlite:none")]
    [InlineData("--store is missing", "sessions")]
    [InlineData("--store is missing", "sessions", "list")]
    [InlineData("--store is missing", "report", "some-session")]
    [InlineData("--store memory is gone", "sessions", "show", "id", "--store", "memory")]
    [InlineData("write memory, or sqlite:PATH", "sessions", "list", "--store", "foo:bar")]
    [InlineData("agentbudget sessions show --help", "sessions", "show")]
    [InlineData("AMOUNT", "sessions", "top-up", "id")]
    [InlineData("AMOUNT: \"NaN\"", "sessions", "top-up", "id", "NaN", "--store", "sqlite:none")]
    [InlineData("--limit", "sessions", "list", "--limit", "1001", "--store", "sqlite:none")]
    [InlineData("--events", "report", "id", "--json", "--events", "1001", "--store", "sqlite:none")]
    [InlineData("--source \"litellm\" is no NAME=URL", "pricing", "update", "--source", "litellm")]
    [InlineData("\"acme\" is no collection; there are genai-prices, litellm", "pricing", "update", "--source", "acme=https://example.com")]
    [InlineData("write one that begins with https://", "pricing", "update", "--source", "litellm=http://example.com/x")]
    [InlineData("is no folder", "pricing", "update", "--to", "")]
    [InlineData("MODEL is empty", "price", "", "--input", "1")]
    [InlineData("--provider is empty", "price", "gpt-5", "--input", "1", "--provider", "")]
    [InlineData("--region is empty", "price", "gpt-5", "--input", "1", "--region", " ")]
    [InlineData("--service-tier is empty", "price", "gpt-5", "--input", "1", "--service-tier", "")]
    [InlineData("--speed is empty", "price", "--response", "-", "--speed", "")]
    [InlineData("--response is empty", "price", "--response", "")]
    [InlineData("write memory, or sqlite:PATH", "sessions", "list", "--store", "sqlite: ")]
    [InlineData("--reason: The reason holds a control character", "sessions", "pause", "id", "--reason", "a\nb", "--store", "sqlite:none")]
    [InlineData("--from", "report", "id", "--from", "0", "--store", "sqlite:none")]
    [InlineData("--limit stands before list", "sessions", "--limit", "1", "list", "--store", "sqlite:none")]
    [InlineData("--tenant is no option of agentbudget sessions show", "sessions", "--tenant", "a", "show", "id", "--store", "sqlite:none")]
    [InlineData("--events goes with --json", "report", "id", "--events", "5", "--store", "sqlite:none")]
    [InlineData("--from goes with --json", "report", "id", "--from", "5", "--store", "sqlite:none")]
    [InlineData("write its name and its port for clients", "sessions", "list", "--server", "budget.internal")]
    [InlineData("write its name and its port for clients", "tenant", "show", "acme", "--server", "localhost:99999")]
    [InlineData("name two ledgers", "tenant", "show", "acme", "--server", "localhost:30000", "--store", "sqlite:none")]
    [InlineData("--cluster goes with --server", "sessions", "list", "--cluster", "other", "--store", "sqlite:none")]
    [InlineData(
        "--state \"gone\" is not known; write all, open, exhausted, paused or ended",
        "sessions",
        "list",
        "--state",
        "gone",
        "--store",
        "sqlite:none"
    )]
    [InlineData("--after: The session id holds", "sessions", "list", "--after", "a b", "--store", "sqlite:none")]
    [InlineData("PATH has an empty name between its slashes", "tenant", "show", "acme//x", "--store", "sqlite:none")]
    [InlineData("PATH holds something else than it may", "tenant", "pause", "acme@x", "--by", "a", "--store", "sqlite:none")]
    [InlineData("--by is missing; say who does it", "tenant", "pause", "acme", "--store", "sqlite:none")]
    [InlineData("--by is missing", "tenant", "set", "acme", "--daily", "5", "--store", "sqlite:none")]
    [InlineData("Nothing is to be set", "tenant", "set", "acme", "--by", "alice", "--store", "sqlite:none")]
    [InlineData("--daily: \"NaN\"", "tenant", "set", "acme", "--daily", "NaN", "--by", "alice", "--store", "sqlite:none")]
    [InlineData(
        "--monthly is $0.00; it must be above",
        "tenant",
        "set",
        "acme",
        "--monthly",
        "0",
        "--by",
        "alice",
        "--store",
        "sqlite:none"
    )]
    [InlineData(
        "Mars/Olympus is not known here",
        "tenant",
        "set",
        "acme",
        "--time-zone",
        "Mars/Olympus",
        "--by",
        "a",
        "--store",
        "sqlite:none"
    )]
    [InlineData("write sunday, monday", "tenant", "set", "acme", "--first-weekday", "someday", "--by", "a", "--store", "sqlite:none")]
    [InlineData("AMOUNT: \"-5\"", "tenant", "top-up", "acme", "-5", "--by", "a", "--store", "sqlite:none")]
    [InlineData(
        "write total, day, week or month",
        "tenant",
        "top-up",
        "acme",
        "5",
        "--window",
        "year",
        "--by",
        "a",
        "--store",
        "sqlite:none"
    )]
    [InlineData("--history", "tenant", "show", "acme", "--history", "101", "--store", "sqlite:none")]
    public async Task Anything_WrongCommandLine_IsOneLineAndExitCodeTwo(string part, params string[] arguments) =>
        (await Tool.RunAsync(arguments)).FailedWith(ExitCodes.WrongUsage, part);

    [Fact]
    public async Task Reason_ThatIsTooLong_IsWrongUsage() =>
        (await Tool.RunAsync("sessions", "close", "id", "--reason", new string('a', 257), "--store", "sqlite:none")).FailedWith(
            ExitCodes.WrongUsage,
            "--reason: The reason has 257 characters"
        );

    // Nobody who reads "Parameter 'x'" knows what to do, and a mistake of the program is not to look like one of its user's.
    [Fact]
    public void Failure_OfTheProgramItself_IsNotSaidToBeTheUsers()
    {
        using var error = new StringWriter();
        var exitCode = Failures.Report(new ArgumentException("Wrong.", nameof(error)), CliTerminal.For(TextWriter.Null, error));
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("error: This should not have happened (ArgumentException): Wrong.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_FileNamedLikeAnOption_IsAFileBehindTwoDashes() =>
        (await Tool.RunAsync("replay", "--budget", "1", "--", "--bogus.jsonl")).FailedWith(
            ExitCodes.Failed,
            "--bogus.jsonl: there is no such file"
        );

    [Theory]
    [InlineData("--help")]
    [InlineData("replay", "--help")]
    [InlineData("sessions", "top-up", "--help")]
    [InlineData("--version")]
    public async Task Help_Asked_IsWrittenToStandardOutput(params string[] arguments) =>
        Assert.NotEmpty((await Tool.RunAsync(arguments)).Succeeded().Out);
}
