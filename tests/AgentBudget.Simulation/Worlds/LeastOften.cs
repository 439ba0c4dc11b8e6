namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// How often each kind of event has to happen in 2,000 worlds: about half as often as it does. Worlds that stop trying something would
/// break no law in it.
/// </summary>
internal static class LeastOften
{
    private const int Worlds = 2_000;

    private static readonly Dictionary<WorldEvent, int> Least = new()
    {
        [WorldEvent.MessageLost] = 62_000,
        [WorldEvent.MessageDoubled] = 58_000,
        [WorldEvent.MessageOvertaken] = 64_000,
        [WorldEvent.MessageOfAnotherLife] = 1_600,
        [WorldEvent.MessageAheadOfTheClock] = 39_000,
        [WorldEvent.AnswerLost] = 28_000,
        [WorldEvent.CrashBeforeTheWrite] = 4_500,
        [WorldEvent.CrashBetweenWriteAndAnswer] = 4_400,
        [WorldEvent.ActivationKilled] = 4_000,
        [WorldEvent.SecondActivation] = 17_000,
        [WorldEvent.WriteFenced] = 7_300,
        [WorldEvent.LedgerTended] = 94_000,
        [WorldEvent.LedgerPurged] = 8_800,
        [WorldEvent.IdOpenedAgain] = 990,
        [WorldEvent.ClocksApart] = 550,
        [WorldEvent.ClockFarOff] = 100,
        [WorldEvent.HoldOutOfOrder] = 8_700,
        [WorldEvent.HoldTaken] = 11_000,
        [WorldEvent.HoldAnsweredAsToldToAll] = 2_800,
        // Only tenants are stopped, have windows, and money that lies idle; their worlds count it themselves.
        [WorldEvent.StopAnswered] = 0,
        [WorldEvent.WindowBeganWithMoneyOut] = 0,
        [WorldEvent.IdleMoneyAskedFor] = 0,
        [WorldEvent.TooMuchAskedFor] = 0,
        [WorldEvent.NanoDollarsAuthorised] = 0,
        [WorldEvent.NanoDollarsRefusedThatCouldBePaid] = 0,
        [WorldEvent.OpenCorrectedUp] = 1_300,
        [WorldEvent.OpenCorrectedDown] = 1_100,
        [WorldEvent.EndedCorrectedUp] = 160,
        [WorldEvent.EndedCorrectedDown] = 160,
        [WorldEvent.CorrectionBookedAbove] = 1_600,
        [WorldEvent.PartitionRestored] = 450,
        [WorldEvent.HolderFoundRestored] = 87,
        [WorldEvent.ParentFoundRestored] = 160,
        [WorldEvent.KeyRepeated] = 23_000,
        [WorldEvent.KeyOfSomethingElse] = 5_000,
        [WorldEvent.OperationJoined] = 3_100,
        [WorldEvent.GivenBackWhileOpen] = 1_300,
        [WorldEvent.GivenBackAtTheEnd] = 6_700,
        [WorldEvent.ChargedLate] = 1_600,
        [WorldEvent.LateChargeBookedAbove] = 1_800,
        [WorldEvent.ClosedRowLookedUp] = 18_000,
        [WorldEvent.HolderCovered] = 460,
        [WorldEvent.AskGranted] = 6_000,
        [WorldEvent.AskRefused] = 3_400,
        [WorldEvent.HolderDeclined] = 4_000,
        [WorldEvent.HolderOfAHolder] = 2_400,
        [WorldEvent.ReportPassedUp] = 3_000,
        [WorldEvent.EndedWithItsParent] = 3_700,
        [WorldEvent.EndedByTheClock] = 380,
    };

    /// <summary>What happened too seldom, or has no bound.</summary>
    public static IEnumerable<string> Missed(WorldEvents events, long worlds)
    {
        foreach (var kind in Enum.GetValues<WorldEvent>())
        {
            if (!Least.TryGetValue(kind, out var least))
                yield return $"{kind} has no bound";
            else if (events[kind] * Worlds < least * worlds)
                yield return $"{kind} happened {events[kind]:N0} times in {worlds:N0} worlds; it should at least "
                    + $"{least * worlds / Worlds:N0} times";
        }
    }
}
