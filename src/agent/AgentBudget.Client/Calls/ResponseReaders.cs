using Microsoft.Extensions.ObjectPool;

namespace AgentBudget.Client.Calls;

/// <summary>Readers of responses, which are large, to be used again for other responses. Each belongs to one reader of one response until
/// it is given back.</summary>
internal static class ResponseReaders
{
    private static readonly ObjectPool<ResponseReader> Pool = new DefaultObjectPool<ResponseReader>(new Policy());

    /// <summary>A reader that has read nothing.</summary>
    public static ResponseReader Lend(ResponseOrigin origin)
    {
        var reader = Pool.Get();
        reader.Restart(origin);
        return reader;
    }

    /// <summary>Takes a reader back. Nobody may look at it afterwards: it reads somebody else's response.</summary>
    public static void GiveBack(ResponseReader reader) => Pool.Return(reader);

    /// <summary>Reads a whole response.</summary>
    public static ResponseUsage Read(ReadOnlySpan<byte> body, ResponseOrigin origin)
    {
        var reader = Lend(origin);
        reader.Append(body);
        var usage = reader.Usage;
        GiveBack(reader);
        return usage;
    }

    private sealed class Policy : PooledObjectPolicy<ResponseReader>
    {
        public override ResponseReader Create() => new();

        public override bool Return(ResponseReader obj) => true;
    }
}
