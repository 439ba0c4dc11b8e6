namespace AgentBudget.Abstractions.Wire;

/// <summary>
/// The names under which types and methods travel between processes. They are frozen: a silo and a client of different versions find
/// each other by them. Adding is allowed, renaming and reusing are not.
/// </summary>
internal static class WireNames
{
    public const string Prefix = "agentbudget.";

    public const string Money = Prefix + "money";
    public const string BreakerStatus = Prefix + "breaker";
    public const string Standing = Prefix + "standing";
    public const string LoopEvidence = Prefix + "loop-evidence";
    public const string Refusal = Prefix + "refusal";
    public const string SessionAnswer = Prefix + "answer";
    public const string TokenUsage = Prefix + "usage";
    public const string Call = Prefix + "call";
    public const string CategoryTotal = Prefix + "category";
    public const string Breakdown = Prefix + "breakdown";
    public const string ChildAccount = Prefix + "child";
    public const string CarveOrigin = Prefix + "origin";
    public const string LoopRule = Prefix + "loop-rule";
    public const string LoopPolicy = Prefix + "loop-policy";
    public const string RateCeiling = Prefix + "rate-ceiling";
    public const string ToolLoops = Prefix + "tool-loops";
    public const string BudgetSessionOptions = Prefix + "options";
    public const string Entry = Prefix + "entry";
    public const string SessionReport = Prefix + "report";

    public const string OpenCommand = Prefix + "open";
    public const string ReserveCommand = Prefix + "reserve";
    public const string SettleCommand = Prefix + "settle";
    public const string ReleaseCommand = Prefix + "release";
    public const string ExtendCommand = Prefix + "extend";
    public const string ChargeCommand = Prefix + "charge";
    public const string TopUpCommand = Prefix + "top-up";
    public const string SetBudgetCommand = Prefix + "set-budget";
    public const string CorrectCommand = Prefix + "correct";
    public const string PauseCommand = Prefix + "pause";
    public const string ResumeCommand = Prefix + "resume";
    public const string CloseCommand = Prefix + "close";
    public const string OpenSharedChildCommand = Prefix + "open-shared-child";
    public const string CloseSharedChildCommand = Prefix + "close-shared-child";
    public const string CarveCommand = Prefix + "carve";
    public const string ReturnCarveCommand = Prefix + "return-carve";
    public const string SealCommand = Prefix + "seal";

    public const string OpenChildRequest = Prefix + "open-child";
    public const string SealAnswer = Prefix + "seal-answer";
    public const string ReportQuery = Prefix + "report-query";
    public const string TimelinePage = Prefix + "timeline-page";
    public const string BudgetSession = Prefix + "session";
    public const string SessionFamily = Prefix + "session-family";
    public const string SessionUpkeep = Prefix + "session-upkeep";
    public const string ExpirySweep = Prefix + "expiry-sweep";
    public const string AgentBudgetException = Prefix + "exception";
    public const string BudgetUnavailable = Prefix + "unavailable";
}
