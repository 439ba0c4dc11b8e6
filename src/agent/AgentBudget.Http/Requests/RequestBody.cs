using System.Buffers;
using System.Runtime.InteropServices;

namespace AgentBudget.Http.Requests;

/// <summary>What the body of a call to a model says that matters for its price, whatever API it is of.</summary>
internal sealed class RequestBody
{
    /// <summary>The most places of caps that are told apart; nobody writes more than two.</summary>
    public const int MaxCaps = 16;

    /// <summary>The most answers that a body is believed to ask for: OpenAI's bound.</summary>
    public const int MaxAnswers = 128;

    /// <summary>The model; null where the address names it.</summary>
    public string? Model { get; set; }

    /// <summary>Where a cap on the output stands, under any of its names.</summary>
    public List<BodyPlace> Caps { get; } = [];

    /// <summary>The body itself.</summary>
    public BodyObject Root { get; set; }

    /// <summary>The object of Gemini, or of Bedrock's Converse, that caps stand in; null where there is none.</summary>
    public BodyObject? Settings { get; set; }

    /// <summary>The null in the place of that object; null where there is none.</summary>
    public BodyPlace? NoSettings { get; set; }

    /// <summary>How many answers are asked for, each of which the cap is for.</summary>
    public long Answers { get; set; } = 1;

    public bool IsStream { get; set; }

    /// <summary>Whether the answer is made in the background, so that going away stops nothing.</summary>
    public bool IsBackground { get; set; }

    /// <summary>The object that says what a stream is to tell; null where there is none.</summary>
    public BodyObject? StreamOptions { get; set; }

    /// <summary>The null in the place of that object; null where there is none.</summary>
    public BodyPlace? NoStreamOptions { get; set; }

    /// <summary>Where it stands whether a stream tells its usage; null where that is not said.</summary>
    public BodyPlace? IncludeUsage { get; set; }

    public bool IncludesUsage { get; set; }

    public string? ServiceTier { get; set; }

    public string? Speed { get; set; }

    public string? Region { get; set; }

    /// <summary>Tokens that the model may think with, which have to fit below the cap.</summary>
    public long ThinkingTokens { get; set; }

    /// <summary>The most searches that the call may make, as far as it says.</summary>
    public long WebSearches { get; set; }

    /// <summary>Whether it may search, and does not say how often.</summary>
    public bool SearchesFreely { get; set; }

    /// <summary>Whether it stands on what the provider keeps, an earlier response, a file, a cache, whose tokens are not in the
    /// body.</summary>
    public bool StandsOnKept { get; set; }

    /// <summary>The response that it goes on from; null for none.</summary>
    public string? PreviousResponse { get; set; }

    /// <summary>All text, without what frames it and without what is binary; in memory that is lent, until
    /// <see cref="GiveTextBack"/>.</summary>
    public ReadOnlyMemory<char> Text { get; private set; }

    public int Messages { get; set; }

    public int Tools { get; set; }

    public int Pictures { get; set; }

    /// <summary>Bytes of sound of which nobody knows how long it is.</summary>
    public long AudioBytes { get; set; }

    /// <summary>Of other sound how long it is.</summary>
    public long AudioMilliseconds { get; set; }

    /// <summary>Bytes of other files.</summary>
    public long FileBytes { get; set; }

    /// <summary>Takes text in memory that is lent by the pool.</summary>
    public void TakeText(char[] lent, int length) => Text = lent.AsMemory(0, length);

    /// <summary>Gives the memory of the text back: its tokens are counted. Nobody may look at the text afterwards.</summary>
    public void GiveTextBack()
    {
        if (MemoryMarshal.TryGetArray(Text, out var lent) && lent.Array is { Length: > 0 } memory)
            ArrayPool<char>.Shared.Return(memory);
        Text = default;
    }

    /// <summary>The cap on each answer: the largest of those that stand there, for nobody knows which is taken; null for none.</summary>
    public long? Cap
    {
        get
        {
            long? largest = null;
            foreach (var cap in Caps)
            {
                // Servers differ on what less than one means; to most it is no cap.
                if (cap.Number is { } number)
                    largest = number <= 0 || largest == long.MaxValue ? long.MaxValue : Math.Max(largest ?? 0, number);
            }

            return largest == long.MaxValue ? null : largest;
        }
    }
}
