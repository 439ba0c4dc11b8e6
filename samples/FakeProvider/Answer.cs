namespace FakeProvider;

/// <summary>What a request asks for, by whichever name its API has for it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Cap">The most tokens of one answer; null for no cap.</param>
/// <param name="Answers">How many answers are asked for.</param>
/// <param name="IsStream">Whether events are to be sent.</param>
/// <param name="WantsUsage">Whether a stream is to say what it used, where that is asked for.</param>
internal sealed record Asked(string Model, long? Cap, int Answers, bool IsStream, bool WantsUsage);

/// <summary>What the model generates for one request: the script, as far as the caller's cap lets it.</summary>
internal sealed class Answer
{
    public Answer(Script script, Asked asked, int number)
    {
        Script = script;
        Asked = asked;
        Number = number;
        Reasoning = Math.Min(script.ReasoningTokens, asked.Cap ?? long.MaxValue);
        var room = (asked.Cap ?? long.MaxValue) - Reasoning;
        var pieces = Math.Min(script.Pieces.Count, room / script.TokensPerPiece);
        Pieces = [.. script.Pieces.Take((int)pieces)];
        IsCapped = Pieces.Count < script.Pieces.Count || Reasoning < script.ReasoningTokens;
    }

    public Script Script { get; }

    public Asked Asked { get; }

    public int Number { get; }

    public long Reasoning { get; }

    public IReadOnlyList<string> Pieces { get; }

    public bool IsCapped { get; }

    public string Model => Script.Model ?? Asked.Model;

    public string Text => string.Concat(Pieces);

    /// <summary>All that is generated, of all answers that were asked for.</summary>
    public long Output => (Reasoning + (Pieces.Count * Script.TokensPerPiece)) * Asked.Answers;

    public TokenCount CountOf(long output) => new(Script.InputTokens, Script.CachedTokens, Script.CacheWriteTokens, output);
}

/// <summary>A piece of a stream as it is sent.</summary>
/// <param name="Text">Its bytes as text.</param>
/// <param name="Tokens">What was generated for it, seen or not.</param>
/// <param name="Piece">The number of the script's piece that it carries; null for what frames them.</param>
internal readonly record struct WireEvent(string Text, long Tokens = 0, int? Piece = null);
