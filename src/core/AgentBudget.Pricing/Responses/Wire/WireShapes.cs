using System.Text;
using AgentBudget.Pricing.Responses.Shapes;

namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>All shapes, and the one tree of places that they look at: which shape a response has is known only once it has been
/// read.</summary>
internal static class WireShapes
{
    private const string UsagePrefix = "usage.";

    /// <summary>The shapes; where a response bears the marks of several, the first is right.</summary>
    public static readonly ResponseShape[] All =
    [
        new GeminiShape(),
        new InteractionsShape(),
        new ConverseShape(),
        new CohereShape(),
        new OpenAiChatShape(),
        new OpenAiResponsesShape(),
        new AnthropicShape(),
    ];

    /// <summary>The names under which a response holds its usage.</summary>
    private static readonly string[] UsageNames = ["usage", "usageMetadata", "usage_metadata", "meta"];

    /// <summary>The names under which an event, or a line of a batch's results, holds the response.</summary>
    private static readonly string[] Wrappers = ["message", "response", "interaction", "body", "result"];

    private static readonly (string Path, WireField Field)[] Common =
    [
        ("model", WireField.Model),
        ("id", WireField.ResponseId),
        ("status", WireField.Status),
        ("service_tier", WireField.Tier),
        ("serviceTier", WireField.Tier),
    ];

    private static readonly (WireMarks Mark, string Provider)[] Providers =
    [
        (WireMarks.OpenRouter, "openrouter"),
        (WireMarks.XAi, "xai"),
        (WireMarks.Groq, "groq"),
        (WireMarks.DeepSeek, "deepseek"),
        (WireMarks.Cerebras, "cerebras"),
        (WireMarks.Perplexity, "perplexity"),
        (WireMarks.Fireworks, "fireworks"),
        (WireMarks.Azure, "azure"),
        (WireMarks.Vertex, "google-vertex"),
    ];

    private static readonly (byte[] Start, WireMarks Mark)[] Types =
    [
        .. All.SelectMany(shape => shape.Types, (shape, start) => (Encoding.UTF8.GetBytes(start), shape.Mark)),
    ];

    private static readonly Dictionary<ResponseShape, byte[][]> EndTypes = All.ToDictionary(
        shape => shape,
        shape => shape.EndTypes.Select(Encoding.UTF8.GetBytes).ToArray()
    );

    /// <summary>The shape of a response that bears no mark: a bare usage of input and output, which several write alike.</summary>
    public static readonly ResponseShape Default = All.Single(shape => shape.Mark == WireMarks.Responses);

    /// <summary>The place of a document itself.</summary>
    public static readonly FieldNode Root = Build();

    /// <summary>The shape that the marks tell.</summary>
    public static ResponseShape Find(WireMarks marks)
    {
        foreach (var shape in All)
        {
            if ((marks & shape.Mark) != 0)
                return shape;
        }

        return Default;
    }

    /// <summary>The provider that the marks tell; null where none does.</summary>
    public static string? ProviderOf(WireMarks marks)
    {
        foreach (var (mark, provider) in Providers)
        {
            if ((marks & mark) != 0)
                return provider;
        }

        return null;
    }

    /// <summary>The mark of the shape that has events of a type.</summary>
    public static WireMarks MarksOf(ReadOnlySpan<byte> type)
    {
        if (type.IsEmpty)
            return WireMarks.None;
        foreach (var (start, mark) in Types)
        {
            if (type.StartsWith(start))
                return mark;
        }

        return WireMarks.None;
    }

    public static byte[][] EndTypesOf(ResponseShape shape) => EndTypes[shape];

    public static bool IsOneOf(ReadOnlySpan<byte> type, byte[][] types)
    {
        foreach (var one in types)
        {
            if (type.SequenceEqual(one))
                return true;
        }

        return false;
    }

    private static FieldNode Build()
    {
        var usage = new FieldNode();
        var body = new FieldNode();
        foreach (var (path, field) in Common)
            body.At(path).Keep(field);
        foreach (var shape in All)
            Add(shape, body, usage);
        foreach (var name in UsageNames)
            body.At(name).AliasAll(usage);
        // Groq's streams hold it there too; what else stands beside it belongs to nobody.
        body.At("x_groq.usage").AliasAll(usage);
        body.At("metadata.usage").AliasAll(usage);
        return AddWrappers(body);
    }

    private static void Add(ResponseShape shape, FieldNode body, FieldNode usage)
    {
        foreach (var (path, field) in shape.Usage)
            usage.At(path).Keep(field);
        foreach (var (path, field) in shape.Fields)
            body.At(path).Keep(field);
        foreach (var (path, mark) in shape.Marks)
            PlaceOf(path).Marks |= mark;
        foreach (var (path, read) in shape.Elements)
            PlaceOf(path).OnClose = read;

        FieldNode PlaceOf(string path) =>
            path.StartsWith(UsagePrefix, StringComparison.Ordinal) ? usage.At(path[UsagePrefix.Length..]) : body.At(path);
    }

    private static FieldNode AddWrappers(FieldNode body)
    {
        var inner = new FieldNode();
        inner.AliasAll(body);
        var delta = new FieldNode();
        delta.AliasAll(body);
        delta.KeepLength();
        var root = new FieldNode();
        root.AliasAll(body);
        foreach (var name in Wrappers)
        {
            root.Alias(name, inner);
            inner.Alias(name, body);
        }

        root.Alias("delta", delta);
        root.At("type").Keep(WireField.Type);
        root.At("event_type").Keep(WireField.Type);
        root.At("item.type").Keep(WireField.ItemType);
        root.At("item.action.type").Keep(WireField.ItemAction);
        root.At("item.container_id").Keep(WireField.ItemContainer);
        root.At("custom_id").Marks |= WireMarks.Batch;
        delta.At("text").KeepLength();
        foreach (var path in All.SelectMany(shape => shape.Generated))
            root.At(path).KeepLength();
        return root;
    }
}
