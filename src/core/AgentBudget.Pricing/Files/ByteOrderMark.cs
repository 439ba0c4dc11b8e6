namespace AgentBudget.Pricing.Files;

/// <summary>The mark in front of text in UTF-8, which some editors and shells write and the JSON reader refuses.</summary>
internal static class ByteOrderMark
{
    /// <summary>The text without it.</summary>
    public static ReadOnlyMemory<byte> Strip(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.StartsWith("\uFEFF"u8) ? utf8["\uFEFF"u8.Length..] : utf8;
}
