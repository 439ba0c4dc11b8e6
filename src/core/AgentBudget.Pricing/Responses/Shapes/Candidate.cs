using AgentBudget.Pricing.Responses.Wire;
using static AgentBudget.Pricing.Responses.Wire.WireField;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>One of several answers that a call asked for (Gemini's candidates, OpenAI's choices): each stops by itself.</summary>
internal static class Candidate
{
    // The sign stays free; what is more is one together.
    private const int MaxIndex = 62;

    /// <summary>The places of one, below the array's.</summary>
    public static (string Path, WireField Field)[] Fields(string array) =>
        [($"{array}[].index", ItemIndex), ($"{array}[].{StoppedName(array)}", ItemStopped)];

    /// <summary>Takes an element of the array.</summary>
    public static void Read(FieldValues values)
    {
        var bit = 1L << (int)Math.Min(values[ItemIndex], MaxIndex);
        values.AddBit(Candidates, bit);
        if (values.Text(ItemStopped) is { IsEmpty: false } reason && !reason.SequenceEqual("FINISH_REASON_UNSPECIFIED"u8))
            values.AddBit(StoppedCandidates, bit);
        values.DropCandidate();
    }

    private static string StoppedName(string array) => array == "candidates" ? "finishReason" : "finish_reason";
}
