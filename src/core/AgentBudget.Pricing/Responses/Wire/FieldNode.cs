using System.Text;

namespace AgentBudget.Pricing.Responses.Wire;

/// <summary>
/// A place in a JSON document that the reader looks at. Names that are no child of a place are skipped whole. Built once, then read by
/// every reader at the same time.
/// </summary>
internal sealed class FieldNode
{
    private const int Buckets = 32;

    private readonly Child?[] children = new Child?[Buckets];

    /// <summary>What is kept of the value here.</summary>
    public WireField Field { get; private set; }

    public WireKind Kind { get; private set; }

    /// <summary>What it says about the response that there is a value here other than null.</summary>
    public WireMarks Marks { get; set; }

    /// <summary>The place of each element, where the value is an array.</summary>
    public FieldNode? Element { get; private set; }

    /// <summary>Called when an object here closes: reads the fields of the item and takes them back.</summary>
    public Action<FieldValues>? OnClose { get; set; }

    public FieldNode Keep(WireField field)
    {
        Field = field;
        Kind = WireFields.KindOf(field);
        return this;
    }

    public void KeepLength() => Kind = WireKind.Generated;

    /// <summary>The place at a path such as <c>choices[].finish_reason</c>, made where it is missing.</summary>
    public FieldNode At(string path)
    {
        var node = this;
        foreach (var segment in path.Split('.'))
        {
            var isArray = segment.EndsWith("[]", StringComparison.Ordinal);
            node = node.ChildAt(isArray ? segment[..^2] : segment);
            if (isArray)
                node = node.Element ??= new FieldNode();
        }

        return node;
    }

    /// <summary>Makes a name lead to a place that other names lead to as well.</summary>
    public void Alias(string name, FieldNode node)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        ref var bucket = ref children[BucketOf(bytes)];
        bucket = new Child(bytes, node, bucket);
    }

    /// <summary>Gives this place all children of another.</summary>
    public void AliasAll(FieldNode other)
    {
        foreach (var bucket in other.children)
        {
            for (var child = bucket; child is not null; child = child.Next)
                Alias(Encoding.UTF8.GetString(child.Name), child.Node);
        }
    }

    public FieldNode? Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return null;
        for (var child = children[BucketOf(name)]; child is not null; child = child.Next)
        {
            if (name.SequenceEqual(child.Name))
                return child.Node;
        }

        return null;
    }

    private FieldNode ChildAt(string name)
    {
        if (Find(Encoding.UTF8.GetBytes(name)) is { } found)
            return found;
        var made = new FieldNode();
        Alias(name, made);
        return made;
    }

    private static int BucketOf(ReadOnlySpan<byte> name) => (name[0] + (3 * name[^1]) + (5 * name.Length)) & (Buckets - 1);

    private sealed record Child(byte[] Name, FieldNode Node, Child? Next);
}
