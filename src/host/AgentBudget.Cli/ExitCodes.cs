namespace AgentBudget.Cli;

/// <summary>What the tool answers its caller.</summary>
internal static class ExitCodes
{
    /// <summary>All was done. A run that a budget stopped is a result, not a failure.</summary>
    public const int Ok = 0;

    /// <summary>Something failed or was refused; standard error says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int WrongUsage = 2;

    /// <summary>It was paused or stopped, but not all that have money of it have written that yet; standard output says how
    /// many.</summary>
    public const int NotAllReached = 3;
}
