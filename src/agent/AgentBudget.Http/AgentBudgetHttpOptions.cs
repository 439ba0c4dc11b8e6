namespace AgentBudget;

/// <summary>How calls to models are budgeted off the wire.</summary>
public sealed class AgentBudgetHttpOptions
{
    /// <summary>The most hosts that can be named: 256.</summary>
    public const int MaxHosts = 256;

    /// <summary>
    /// Providers of hosts that their address does not tell, by the price table's id: a gateway, a server of one's own. The host as in
    /// <c>gateway.acme.com</c>, or with a port as in <c>localhost:8080</c>. Default: none; the model's name then finds the price. At most
    /// <see cref="MaxHosts"/>.
    /// </summary>
    public IDictionary<string, string> Providers { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a call to a model that no session pays for is refused (<see cref="NoBudgetSessionException"/>), and with it what is sent to
    /// a provider of models and cannot be budgeted: batches, training, films, what is packed, whatever names no model. Default: it passes,
    /// is counted, and said once in the log.
    /// </summary>
    public bool RequireSession { get; set; }

    /// <summary>
    /// Whether the cap on a call's output is lowered, or set where there is none, so that the call fits into what is left. Default: yes,
    /// where the body can be changed; a signed one cannot. Otherwise a call that does not fit whole is refused.
    /// </summary>
    public bool Clamps { get; set; } = true;

    /// <summary>The fewest tokens of each answer that a call is worth clamping to; below that it is refused. Default 256; 1 to
    /// 1,000,000.</summary>
    public long LeastOutputTokens { get; set; } = 256;

    /// <summary>The most tokens that a model is taken to give at once where neither the request nor the price table says. Default 131,072;
    /// 1 to 10,000,000.</summary>
    public long LargestOutputTokens { get; set; } = 131_072;

    /// <summary>
    /// Whether streams of OpenAI's chat are told to say what they used (<c>stream_options.include_usage</c>), which costs their reader an
    /// event without choices. Default: yes, but for hosts that are known to refuse it or to say it unasked; one that turns out to
    /// refuse it is sent the request as it was, and not asked again. Without it a stream is settled
    /// at the most that it can have used.
    /// </summary>
    public bool IncludesUsage { get; set; } = true;

    /// <summary>The most tokens that a picture in a request is taken for. Default 5,000; 0 to 1,000,000.</summary>
    public long TokensPerPicture { get; set; } = 5_000;

    /// <summary>How many bytes a second of sound in a request has at least, which says how long it is at most, and what it costs. A
    /// recording whose header says so (RIFF/WAVE) is taken at its word. Default 200, as the most sparing speech has; common files have
    /// 4,000 and more, and silence that is packed can have less. 1 to 1,000,000.</summary>
    public long AudioBytesPerSecond { get; set; } = 200;

    /// <summary>
    /// The most tokens that a call is taken for on top of its body where it goes on from what the provider keeps (an earlier response
    /// that this handler did not see, a conversation, a cache, a file). Default 32,000; 0 to 10,000,000.
    /// </summary>
    public long TokensOfKeptContext { get; set; } = 32_000;

    /// <summary>How many searches a call is taken for that may search and does not say how often. Default 5; 0 to 1,000.</summary>
    public long Searches { get; set; } = 5;

    /// <summary>The largest request that is read, in bytes; a call to a model that is larger is refused as one that cannot be read.
    /// Default 64 MiB; 1 KiB to 2,000,000,000.</summary>
    public long MaxRequestBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (Providers is null)
            throw new ArgumentException("Providers is null; leave it out for none.");
        if (Providers.Count > MaxHosts)
            throw new ArgumentException($"Providers must name at most {MaxHosts} hosts.");
        Within(LeastOutputTokens, 1, 1_000_000, nameof(LeastOutputTokens));
        Within(LargestOutputTokens, 1, 10_000_000, nameof(LargestOutputTokens));
        Within(TokensPerPicture, 0, 1_000_000, nameof(TokensPerPicture));
        Within(AudioBytesPerSecond, 1, 1_000_000, nameof(AudioBytesPerSecond));
        Within(TokensOfKeptContext, 0, 10_000_000, nameof(TokensOfKeptContext));
        Within(Searches, 0, 1_000, nameof(Searches));
        Within(MaxRequestBytes, 1_024, 2_000_000_000, nameof(MaxRequestBytes));
    }

    internal ResponseOrigin OriginOf(Uri address)
    {
        var told = ResponseOrigin.Of(address);
        return
            Providers.Count > 0
            && (Providers.TryGetValue(address.Host, out var provider) || Providers.TryGetValue(address.Authority, out provider))
            ? told with
            {
                Provider = provider,
            }
            : told;
    }

    private static void Within(long value, long least, long most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{name} must be from {least} to {most}.");
    }
}
