namespace AgentBudget.Ledger;

// What many sessions never need: agents with labels, shapes of results, similar arguments, large sums, warnings.
internal sealed partial class LoopMemory
{
    private sealed class Extras
    {
        public ulong[] Scopes { get; set; } = [];

        public ushort[]? Shapes { get; set; }

        public ulong[]? Sketches { get; set; }

        public ushort[]? UpperSpent { get; set; }

        public LoopWarnings? Warnings { get; set; }
    }
}
