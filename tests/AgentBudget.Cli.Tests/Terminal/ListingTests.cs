using AgentBudget.Cli.Terminal;

namespace AgentBudget.Cli.Tests.Terminal;

public sealed class ListingTests
{
    private const string Names = "Name";

    [Fact]
    public void Columns_BesideWideNames_StandUnderTheirHeaders()
    {
        var listing = new Listing().Add(Names).Add("Spent", isNumber: true);
        listing.AddRow("東京の実行記録", "$1.00");
        listing.AddRow("a run", "$12.00");
        listing.AddRow("ракета 🚀", "$3.00");

        // A character of East Asia takes two columns, and so does a picture.
        var ends = Shown(listing, 60).Where(line => line.Contains('$', StringComparison.Ordinal)).Select(Columns);

        Assert.Equal([22, 22, 22], ends);
    }

    [Fact]
    public void Text_ThatWouldMisleadTheEye_IsShownAsQuestionMarks()
    {
        var listing = new Listing().Add(Names);
        listing.AddRow("a\u202Eb\u200Bc\u001Bd\u2028e");
        Assert.Equal("a?b?c?d?e", Shown(listing, 60)[2]);
    }

    [Fact]
    public void Text_OfWideCharacters_IsBrokenByItsColumns()
    {
        using var writer = new StringWriter();
        Consoles.For(writer, isTerminal: false, width: 40).WriteText(string.Join(' ', Enumerable.Repeat("東京の実行記録", 6)));
        Assert.Equal(3, writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Columns_WithoutRoomThatCannotGo_StandBelowTheirRows()
    {
        var listing = new Listing()
            .Add(Names)
            .Add("Spent", isNumber: true)
            .Add("Budget", isNumber: true)
            .Add("State")
            .Add("Opened", mayGo: true);
        listing.AddRow("session", "$123456789.123456789", "$987654321.123456789", "budget_exhausted", "2026-08-01");
        Assert.Equal(["session  $123456789.123456789  $987654321.123456789", "  State budget_exhausted"], Shown(listing, 60).Skip(2));
    }

    [Fact]
    public void Notes_ThatDoNotFitBelowTheirRow_StandBelowTheTable()
    {
        var listing = new Listing(keepsAll: true).Add(Names).Add("Input", isNumber: true).Add("Output", isNumber: true, mayGo: true);
        var notes = Enumerable.Range(1, 12).Select(number => $"note number {number}").ToArray();
        listing.AddRow(notes, ["a name that takes almost half of the width", "1000", "200000000000000"]);

        var shown = Shown(listing, 60);

        var said = string.Join(' ', shown.Select(line => line.Trim()));

        Assert.Equal("", shown[5]);
        Assert.EndsWith("; more below", shown[4], StringComparison.Ordinal);
        Assert.Equal("a name that takes almost half of the width:", shown[6]);
        Assert.All(notes.Append("Output 200000000000000"), note => Assert.Contains(note, said, StringComparison.Ordinal));
    }

    private static string[] Shown(Listing listing, int width)
    {
        using var writer = new StringWriter();
        listing.Write(Consoles.For(writer, isTerminal: false, width));
        return writer.ToString().TrimEnd('\n').Split('\n');
    }

    private static int Columns(string line) => line.EnumerateRunes().Sum(rune => rune.Value >= 0x2E80 ? 2 : 1);
}
