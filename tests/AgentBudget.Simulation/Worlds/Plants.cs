namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// Faults that are built into a world, so that the laws can be seen to find them. None of them is in the machine: each is a driver, a
/// store or a network that does what the protocol forbids.
/// </summary>
[Flags]
internal enum Plants : long
{
    None = 0,

    /// <summary>Answers and messages go out when they are decided, before they are durable.</summary>
    AnswerBeforeDurable = 1 << 0,

    /// <summary>A parent takes the money of a holder back that has been silent for a while.</summary>
    ReclaimByTimeOut = 1 << 1,

    /// <summary>A holder reports what it has decided, before that is durable.</summary>
    GiveBackBeforeDurable = 1 << 2,

    /// <summary>A report is booked wherever the parent stands.</summary>
    ReportWithoutSequence = 1 << 3,

    /// <summary>Messages from parents carry no time.</summary>
    NoTimeDownward = 1 << 4,

    /// <summary>Messages from holders carry no time.</summary>
    NoTimeUpward = 1 << 5,

    /// <summary>A pause is answered as told when it was only sent.</summary>
    PauseAnsweredEarly = 1 << 6,

    /// <summary>The store takes what does not follow its head.</summary>
    NoFence = 1 << 7,

    /// <summary>A ledger is purged although its parent has not booked everything.</summary>
    PurgeBeforeAcknowledged = 1 << 8,

    /// <summary>The store compares sequences alone, and messages are taken for whichever life there is.</summary>
    IncarnationNotCompared = 1 << 9,

    /// <summary>What is not in memory is said to be unknown.</summary>
    UnknownFromMemory = 1 << 10,

    /// <summary>Closed rows are dropped after a while, although their holders are there.</summary>
    RowsForgottenByTime = 1 << 11,

    /// <summary>Every hold is taken for newer than the last.</summary>
    StaleHold = 1 << 12,

    /// <summary>A holder is invited before its row is durable.</summary>
    RowInMemoryOnly = 1 << 13,

    /// <summary>Only the answer to an ask carries what was granted.</summary>
    GrantNotRepeated = 1 << 14,

    /// <summary>When a parent lets go, what an operator holds is let go as well.</summary>
    OneFlagForBothHolds = 1 << 15,

    /// <summary>A holder takes any life of its parent for its own.</summary>
    ChildWithoutParentLife = 1 << 16,

    /// <summary>A holder says that it has ended while its own holders have not.</summary>
    SealWithOpenChildren = 1 << 17,

    /// <summary>What a holder's holders spent is not passed up.</summary>
    ChildReportNotPassedUp = 1 << 18,

    /// <summary>A message moves a ledger's time as far as it says.</summary>
    NoCapOnMessageTimes = 1 << 19,

    /// <summary>A ledger is purged although holders have its money.</summary>
    PurgeWithOpenRows = 1 << 20,

    /// <summary>The key of an operation under way is not told from others.</summary>
    KeyOfIntentForgotten = 1 << 21,

    /// <summary>A holder says that all below it have written a hold when it was only sent to them.</summary>
    HoldSpreadEarly = 1 << 22,

    /// <summary>A parent does not say what it has booked: a holder that was restored and has no news does not find out.</summary>
    BookedNotSaid = 1 << 23,

    /// <summary>A ledger is purged on what its parent said before the purge was due.</summary>
    PurgeOnOldWord = 1 << 24,

    /// <summary>A silo goes by its own clock, which is an hour off, where all others agree.</summary>
    NoClockOfTheStore = 1 << 25,

    /// <summary>A ledger is not due although its money is out with holders.</summary>
    HoldersNotDue = 1 << 26,

    /// <summary>A holder that was never granted anything is not due.</summary>
    FirstGrantNotDue = 1 << 27,

    /// <summary>A holder that has ended is not due although its parent has not booked everything.</summary>
    LateNewsNotDue = 1 << 28,

    /// <summary>What was tended once, and is as it was, is not due again.</summary>
    DueOnlyOnce = 1 << 29,

    /// <summary>What the sweep asks a holder is answered from memory, stale as it may be.</summary>
    SweptFromMemory = 1 << 30,

    /// <summary>A parent does not see what is out without cover when it grants more: it covers that afterwards.</summary>
    CoverAfterGrant = 1L << 31,

    /// <summary>A tenant refuses what lies idle with others without calling it back.</summary>
    RefusalWithoutRecall = 1L << 32,

    /// <summary>A recall goes to the tenants below, and not to their sessions.</summary>
    ShallowRecall = 1L << 33,

    /// <summary>A tenant that was stopped and resumed does not end those who had not heard of the stop.</summary>
    StopForgottenByResume = 1L << 34,

    /// <summary>A tenant's holder does not always say under which names it spent what it reports.</summary>
    NamesForgotten = 1L << 35,

    /// <summary>A tenant does not pass up which sessions ended below it.</summary>
    RunsNotPassedUp = 1L << 36,

    /// <summary>What is out when a day begins, and is spent in it, takes no room in it.</summary>
    RolloverForgetsOut = 1L << 37,

    /// <summary>A holder says for how long it has waited, and not since when.</summary>
    AgesInsteadOfInstants = 1L << 38,

    /// <summary>A tenant is exhausted or not by what a call lacks, and not by the whole call.</summary>
    ExhaustedByWhatIsLacking = 1L << 39,

    /// <summary>A recall is made for what the first that waits lacks.</summary>
    RecallForTheLeast = 1L << 40,

    /// <summary>A tenant below answers a recall before those below it have.</summary>
    RoundAnsweredEarly = 1L << 41,
}

/// <summary>A law does not hold in a simulated world.</summary>
internal sealed class LawBrokenException(string message) : Exception(message);
