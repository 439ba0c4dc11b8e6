using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AgentBudget.Robustness.Processes;

/// <summary>Signals to single processes, by id.</summary>
internal static partial class Signals
{
    /// <summary>Asks a process to end in good order.</summary>
    public static void Terminate(int processId) => Send(processId, 15);

    /// <summary>Kills a process.</summary>
    public static void Kill(int processId) => Send(processId, 9);

    /// <summary>Makes a process stand still.</summary>
    public static void Stop(int processId) => Send(processId, 19);

    /// <summary>Lets a process that stands still go on.</summary>
    public static void Continue(int processId) => Send(processId, 18);

    private static void Send(int processId, int signal)
    {
        if (processId <= 1)
            throw new ArgumentOutOfRangeException(nameof(processId), "Only single processes of one's own are signalled.");
        if (SendSignal(processId, signal) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
