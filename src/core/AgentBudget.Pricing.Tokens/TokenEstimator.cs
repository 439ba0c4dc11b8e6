using System.Text;
using Microsoft.ML.Tokenizers;

namespace AgentBudget;

/// <summary>
/// How many tokens a prompt has at most. Counted with the model's own tokenizer where it is known (o200k models of OpenAI); otherwise
/// counted with o200k and raised by half, because the tokenizers of other vendors make up to about a third more of the same text. Never
/// more than one token for each byte of UTF-8, which no byte-level tokenizer exceeds. Never throws. Safe for use by many threads.
/// </summary>
/// <remarks>Images, audio and files are not text and not in it; whoever sends them adds them.</remarks>
public sealed class TokenEstimator
{
    /// <summary>Tokens that a message costs beyond its text: the marks of its role and its end.</summary>
    public const int TokensPerMessage = 8;

    /// <summary>Tokens that a tool costs beyond its definition.</summary>
    public const int TokensPerTool = 16;

    /// <summary>Tokens that a prompt costs beyond its messages.</summary>
    public const int TokensPerPrompt = 8;

    // Counting takes time that grows with the text; beyond this the bound by bytes is taken as it is.
    private const int MaxCountedCharacters = 2_000_000;

    private static readonly string[] CountedExactly = ["gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "o1", "o3", "o4", "chatgpt-4o", "gpt-oss"];

    private readonly Lazy<Tokenizer?> tokenizer;

    /// <summary>Makes an estimator.</summary>
    public TokenEstimator()
        : this(() => TiktokenTokenizer.CreateForEncoding("o200k_base")) { }

    internal TokenEstimator(Func<Tokenizer> load) => tokenizer = new(() => Try(load));

    /// <summary>One for the process; its vocabulary is loaded at first use.</summary>
    public static TokenEstimator Shared { get; } = new();

    /// <summary>The most tokens that a prompt has.</summary>
    /// <param name="model">The model's name, with or without a provider in front; null for one that is not known.</param>
    /// <param name="prompt">The text.</param>
    public long Estimate(string? model, PromptText prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var tools = prompt.ToolsJson ?? [];
        long tokens = TokensPerPrompt;
        foreach (var message in prompt.Messages)
            tokens += TokensPerMessage + Estimate(model, message);
        foreach (var tool in tools)
            tokens += TokensPerTool + Estimate(model, tool);
        return tokens;
    }

    /// <summary>The most tokens that a text has, without the marks around it.</summary>
    /// <param name="model">The model's name, or null.</param>
    /// <param name="text">The text; null is empty.</param>
    public long Estimate(string? model, string? text) => Estimate(model, text.AsSpan());

    /// <summary>The most tokens that a text has, without the marks around it.</summary>
    /// <param name="model">The model's name, or null.</param>
    /// <param name="text">The text.</param>
    public long Estimate(string? model, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;
        var bytes = BytesOf(text);
        if (text.Length > MaxCountedCharacters || Count(text) is not { } counted)
            return bytes;
        return Math.Min(bytes, IsCountedExactly(model) ? counted : counted + ((counted + 1) / 2));
    }

    private long? Count(ReadOnlySpan<char> text)
    {
        try
        {
            return tokenizer.Value?.CountTokens(text);
        }
        catch (Exception)
        {
            // Whatever a text does to the tokenizer, an estimate must not stop a call; the bound by bytes holds.
            return null;
        }
    }

    // Half a surrogate pair is sent as a mark of three bytes, and counted so.
    private static long BytesOf(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text);

    private static bool IsCountedExactly(string? model)
    {
        if (model is null)
            return false;
        var name = model.AsSpan().Trim();
        name = name[(name.LastIndexOf('/') + 1)..];
        foreach (var family in CountedExactly)
        {
            // "o1-pro" and "gpt-5.1" are of a family; "o1x" is somebody else's.
            if (
                name.StartsWith(family, StringComparison.OrdinalIgnoreCase)
                && (name.Length == family.Length || name[family.Length] is '-' or '.')
            )
                return true;
        }

        return false;
    }

    private static Tokenizer? Try(Func<Tokenizer> load)
    {
        try
        {
            return load();
        }
        catch (Exception)
        {
            // Without its vocabulary the estimator still has the bound by bytes.
            return null;
        }
    }
}
