using System.Globalization;

namespace AgentBudget.Pricing.Tests.Table;

public class DatedRowTests
{
    private static readonly PriceBook Book = PriceBook.Parse(
        TestBook.File(
            "p",
            "",
            TestBook.Model(
                "m",
                TestBook.FlatRow("1", """ "until": "2026-02-01" """),
                TestBook.FlatRow("2", """ "from": "2026-02-01", "until": "2026-03-01T12:00:00Z" """),
                TestBook.FlatRow("3", """ "from": "2026-04-01" """),
                TestBook.FlatRow("4", """ "from": "2026-04-01", "daily_window_utc": { "start": "16:30", "end": "00:30" } """)
            )
        )
    );

    [Theory]
    [InlineData("2020-01-01T00:00:00Z", "p/m")]
    [InlineData("2026-01-31T23:59:59.9999999Z", "p/m")]
    [InlineData("2026-02-01T00:00:00Z", "p/m@2026-02-01")]
    [InlineData("2026-02-01T01:00:00+02:00", "p/m")]
    [InlineData("2026-03-01T11:59:59Z", "p/m@2026-02-01")]
    [InlineData("2026-03-01T12:00:00Z", null)]
    [InlineData("2026-03-31T23:59:59Z", null)]
    [InlineData("2026-04-01T12:00:00Z", "p/m@2026-04-01")]
    [InlineData("2026-04-01T16:29:59.9Z", "p/m@2026-04-01")]
    [InlineData("2026-04-01T16:30:00Z", "p/m@2026-04-01~16:30")]
    [InlineData("2026-04-02T00:29:59Z", "p/m@2026-04-01~16:30")]
    [InlineData("2026-04-02T00:30:00Z", "p/m@2026-04-01")]
    [InlineData("2026-04-01T18:30:00+02:00", "p/m@2026-04-01~16:30")]
    public void Row_AtATime_IsHalfOpenAndInUtc(string at, string? rowId)
    {
        var time = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        Assert.Equal(rowId, Book.TryResolve("p", "m", time, out var row) ? row.Id : null);
    }

    [Theory]
    [InlineData("o3", "2025-06-09T23:59:59Z", "openai/o3")]
    [InlineData("o3", "2025-06-10T00:00:00Z", "openai/o3@2025-06-10")]
    [InlineData("gpt-5.6-luna", "2026-07-29T23:59:59Z", "openai/gpt-5.6-luna")]
    [InlineData("gpt-5.6-luna", "2026-07-30T00:00:00Z", "openai/gpt-5.6-luna@2026-07-30")]
    [InlineData("claude-sonnet-5", "2026-08-31T23:59:59Z", "anthropic/claude-sonnet-5")]
    [InlineData("claude-sonnet-5", "2026-09-01T00:00:00Z", "anthropic/claude-sonnet-5")] // a rise announced for this day did not come
    [InlineData("gpt-5.6-sol", "2026-11-19T23:59:59Z", "openai/gpt-5.6-sol")] // the dearer, while nobody knows which of two holds
    [InlineData("gpt-5.6-sol", "2026-11-20T00:00:00Z", "openai/gpt-5.6-sol@2026-11-20")]
    [InlineData("deepseek-v4-pro", "2026-09-10T06:00:00Z", "deepseek/deepseek-v4-pro@2026-08-23~06:00")] // a Thursday
    [InlineData("deepseek-v4-pro", "2026-09-10T10:00:00Z", "deepseek/deepseek-v4-pro@2026-08-16T16:00:00Z")]
    [InlineData("deepseek-v4-pro", "2026-09-12T06:00:00Z", "deepseek/deepseek-v4-pro@2026-08-16T16:00:00Z")] // a Saturday
    [InlineData("deepseek-chat", "2025-07-01T00:29:59Z", "deepseek/deepseek-chat")]
    [InlineData("deepseek-chat", "2025-07-01T00:30:00Z", "deepseek/deepseek-chat~00:30")]
    [InlineData("deepseek-chat", "2025-07-01T16:30:00Z", "deepseek/deepseek-chat")]
    [InlineData("deepseek-chat", "2025-09-05T16:00:00Z", "deepseek/deepseek-chat@2025-09-05T16:00:00Z")]
    [InlineData("deepseek-reasoner", "2026-08-16T15:59:59Z", "deepseek/deepseek-reasoner@2026-04-24")]
    [InlineData("deepseek-reasoner", "2026-11-01T00:00:00Z", "deepseek/deepseek-reasoner@2026-09-11")] // it stands for deepseek-v4-flash
    [InlineData("claude-opus-4-6", "2026-03-12T23:59:59Z", "anthropic/claude-opus-4-6")]
    [InlineData("claude-opus-4-6", "2026-03-13T00:00:00Z", "anthropic/claude-opus-4-6@2026-03-13")]
    public void EmbeddedRow_AroundAPriceChange_IsThatOfTheCallsTime(string model, string at, string rowId)
    {
        Assert.True(PriceBook.Embedded.TryResolve(null, model, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), out var row));
        Assert.Equal(rowId, row.Id);
    }
}
