using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>One of several answers that a call asked for (Gemini's candidates, OpenAI's choices): each stops by itself.</summary>
internal static class Candidate
{
    /// <summary>The most answers that are told apart, by their index: 62. More are asked for only of those who end a stream by a mark of
    /// its own (OpenAI's 128), so that nothing waits for them.</summary>
    private const int MaxTold = 62;

    // Of one that is not told apart nobody can say that it has stopped, for others may share its place: it never does.
    private const long Untold = 1L << MaxTold;

    /// <summary>The places of one, below the array's.</summary>
    public static (string Path, WireField Field)[] Fields(string array) =>
        [($"{array}[].index", ItemIndex), ($"{array}[].{StoppedName(array)}", ItemStopped)];

    /// <summary>Takes an element of the array.</summary>
    public static void Read(FieldValues values)
    {
        var bit = values[ItemIndex] < MaxTold && !values.IsUnreadable(ItemIndex) ? 1L << (int)values[ItemIndex] : Untold;
        values.AddBit(Candidates, bit);
        if (bit != Untold && values.Text(ItemStopped) is { IsEmpty: false } reason && !reason.SequenceEqual("FINISH_REASON_UNSPECIFIED"u8))
            values.AddBit(StoppedCandidates, bit);
        values.DropCandidate();
    }

    private static string StoppedName(string array) => array == "candidates" ? "finishReason" : "finish_reason";
}
