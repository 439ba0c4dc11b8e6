using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>An agent that reserves, calls and settles with its result, a call a second, and keeps the warnings that it gets.</summary>
internal sealed class Agent
{
    private readonly bool withModel;

    public Agent(LoopPolicy? policy = null, bool withModel = false)
    {
        this.withModel = withModel;
        Shell = Opened("100", options => policy is null ? options : options with { Loops = policy });
    }

    public SessionShell Shell { get; }

    public List<LoopEvidence> Warnings { get; } = [];

    public LoopEvidence? Tripped { get; private set; }

    /// <summary>A tool call with text for arguments.</summary>
    public SessionAnswer Tool(
        string tool,
        string argument,
        string result,
        string cost = "0",
        string? label = null,
        bool failed = false,
        bool afterUser = false
    )
    {
        if (withModel)
            Model();
        var call = AgentBudget.Call.Tool(tool, $$"""{"argument":"{{argument}}"}""") with { Agent = label, AfterUser = afterUser };
        return Call(call, result, cost, failed);
    }

    /// <summary>A model call.</summary>
    public SessionAnswer Model(string cost = "0") => Call(AgentBudget.Call.Model("gpt-5"), result: null, cost);

    public SessionAnswer Call(Call call, string? result, string cost = "0", bool failed = false)
    {
        Shell.WaitSeconds(1);
        var answer = Shell.Reserve(cost, call: call);
        if (answer is { IsGranted: true, Loop: { } warning })
            Warnings.Add(warning);
        Tripped ??= answer.Refusal?.Loop;
        if (!answer.IsGranted)
            return answer;
        var done = call with { Result = result is null ? 0 : ResultFingerprint.Of(result), Failed = failed };
        Shell.Settle(answer.ReservationId, cost, call: done);
        return answer;
    }

    /// <summary>Calls one tool until it is refused, and says at which call.</summary>
    public int UntilTripped(int atMost, Func<int, (string Argument, string Result)> make, bool failed = false)
    {
        for (var i = 0; i < atMost; i++)
        {
            var (argument, result) = make(i);
            if (!Tool("ask", argument, result, failed: failed).IsGranted)
                return i + 1;
        }

        return int.MaxValue;
    }
}
