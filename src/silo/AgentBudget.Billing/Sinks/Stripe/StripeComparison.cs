using System.Globalization;
using System.Text.Json;
using AgentBudget.Billing.Http;

namespace AgentBudget.Billing.Sinks.Stripe;

/// <summary>Something that Stripe does not count as it was sent.</summary>
/// <param name="What">The customer, or the identifier of an event.</param>
/// <param name="Problem">It in a sentence.</param>
internal sealed record StripeFinding(string What, string Problem);

/// <summary>
/// What Stripe has counted, against what was sent: its summaries of the meter for each customer, and its reports of events that it took
/// and then found wrong. Both come later than its answers; compare a stretch of time that is some minutes past.
/// </summary>
/// <param name="sender">Sends.</param>
/// <param name="meter">The meter's id, such as <c>mtr_…</c>.</param>
internal sealed class StripeComparison(BillingSender sender, string meter)
{
    private const string ErrorReport = "v1.billing.meter.error_report_triggered";
    private const int MostPages = 100;
    private const int PageSize = 100;

    /// <summary>Compares.</summary>
    /// <param name="sent">What was sent of each customer, by the time of its costs.</param>
    /// <param name="from">From this on, a whole minute.</param>
    /// <param name="until">Before this, a whole minute.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What differs; none where all is the same.</returns>
    /// <exception cref="AgentBudgetException">Stripe did not answer, or in another shape.</exception>
    public async Task<IReadOnlyList<StripeFinding>> CompareAsync(
        IReadOnlyDictionary<string, Money> sent,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var findings = new List<StripeFinding>();
        foreach (var (customer, amount) in sent.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var counted = await CountedAsync(customer, from, until, cancellationToken);
            if (counted != amount.NanoDollars)
                findings.Add(new StripeFinding(customer, Difference(amount, counted)));
        }

        await AddErrorsAsync(findings, from, cancellationToken);
        return findings;
    }

    private static string Difference(Money sent, decimal counted) =>
        FormattableString.Invariant(
            $"{sent.NanoDollars} nano-dollars were sent and Stripe counts {counted}: {counted - sent.NanoDollars:+0.###;-0.###} apart"
        );

    private async Task<decimal> CountedAsync(
        string customer,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var query = FormattableString.Invariant(
            $"customer={Uri.EscapeDataString(customer)}&start_time={from.ToUnixTimeSeconds()}&end_time={until.ToUnixTimeSeconds()}"
        );
        var path = $"/v1/billing/meters/{Uri.EscapeDataString(meter)}/event_summaries?{query}";
        using var json = await GetAsync(path, cancellationToken);
        try
        {
            if (json.RootElement.TryGetProperty("has_more", out var more) && more.GetBoolean())
                throw new AgentBudgetException($"Stripe has more summaries of {customer} than it tells at once; compare a shorter time.");
            return json
                .RootElement.GetProperty("data")
                .EnumerateArray()
                .Sum(summary => summary.GetProperty("aggregated_value").GetDecimal());
        }
        catch (Exception exception) when (IsOfTheShape(exception))
        {
            throw Unreadable(path);
        }
    }

    private async Task AddErrorsAsync(List<StripeFinding> findings, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var path = $"/v2/core/events?object_id={Uri.EscapeDataString(meter)}&limit={PageSize}";
        for (var page = 0; page < MostPages && path is not null; page++)
        {
            using var json = await GetAsync(path, cancellationToken);
            try
            {
                foreach (var report in json.RootElement.GetProperty("data").EnumerateArray())
                    Add(findings, report, from);
                path = json.RootElement.TryGetProperty("next_page_url", out var next) ? next.GetString() : null;
            }
            catch (Exception exception) when (IsOfTheShape(exception))
            {
                throw Unreadable(path!);
            }
        }

        if (path is not null)
            findings.Add(
                new StripeFinding(
                    "",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Stripe has more error reports than the {MostPages * PageSize:N0} that were read"
                    )
                )
            );
    }

    // A report has kinds of errors, each with its code, how many there were, and a few of them with the identifier and a message.
    private static void Add(List<StripeFinding> findings, JsonElement report, DateTimeOffset from)
    {
        if (report.GetProperty("type").GetString() != ErrorReport || report.GetProperty("created").GetDateTimeOffset() < from)
            return;
        foreach (var kind in report.GetProperty("data").GetProperty("reason").GetProperty("error_types").EnumerateArray())
        {
            var code = kind.GetProperty("code").GetString();
            var samples = kind.GetProperty("sample_errors").EnumerateArray().ToArray();
            foreach (var sample in samples)
            {
                var identifier = sample.GetProperty("request").GetProperty("identifier").GetString() ?? "";
                findings.Add(
                    new StripeFinding(
                        identifier,
                        $"Stripe took it and does not count it, {code}: {sample.GetProperty("error_message").GetString()}"
                    )
                );
            }

            var more = kind.GetProperty("error_count").GetInt64() - samples.Length;
            if (more > 0)
                findings.Add(
                    new StripeFinding(
                        "",
                        string.Create(CultureInfo.InvariantCulture, $"{more} more events that Stripe does not count, {code}")
                    )
                );
        }
    }

    private async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await sender.SendAsync(HttpMethod.Get, path, null, StripeHeaders.All, cancellationToken);
        if (!reply.IsDone)
            throw new AgentBudgetException($"Stripe could not be asked what it counts: {reply.Detail}");
        if (reply.IsCut)
            throw new AgentBudgetException($"What Stripe answers at {path.Split('?')[0]} is longer than is read; compare by hand.");
        return reply.ReadJson() ?? throw Unreadable(path);
    }

    private static bool IsOfTheShape(Exception exception) =>
        exception is KeyNotFoundException or InvalidOperationException or FormatException;

    private static AgentBudgetException Unreadable(string path) =>
        new($"What Stripe answers at {path.Split('?')[0]} has another shape than its documentation says; compare by hand.");
}
