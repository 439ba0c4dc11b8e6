using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>
/// Rows under headers, laid out for the width there is: columns that can be done without go, the last of them first, and a name that is
/// too long for its column gets a line of its own. No cell is ever wrapped or cut.
/// </summary>
internal sealed class Listing
{
    private const int Gap = 2;

    // A name's column is not made narrower than this for the sake of columns that can go.
    private const int NameWidth = 24;

    private readonly List<Column> columns = [];
    private readonly List<Cell[]> rows = [];
    private readonly List<string[]> notes = [];

    /// <summary>A column; the first one holds names.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="isNumber">Whether it is aligned to the right.</param>
    /// <param name="mayGo">Whether it can be done without.</param>
    public Listing Add(string header, bool isNumber = false, bool mayGo = false)
    {
        columns.Add(new Column(header, isNumber, mayGo));
        return this;
    }

    /// <summary>A row, a cell for each column.</summary>
    public void AddRow(params Cell[] cells) => AddRow([], cells);

    /// <summary>A row with notes, which stand below it on lines of their own.</summary>
    public void AddRow(string[] below, Cell[] cells)
    {
        if (cells.Length != columns.Count)
            throw new InvalidOperationException("A row has a cell for each column.");
        rows.Add(cells);
        notes.Add(below);
    }

    /// <summary>Writes all of it, and answers with the headers that had no room.</summary>
    public IReadOnlyList<string> Write(IAnsiConsole console)
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Columns).Append(column.Header.Length).Max()).ToArray();
        // A column with nothing in it says nothing.
        var shown = Enumerable
            .Range(0, columns.Count)
            .Where(i => i == 0 || !columns[i].MayGo || rows.Any(row => row[i].Text.Length > 0))
            .ToList();
        var all = shown.Count;
        var gone = new List<string>();
        int Left() => console.Profile.Width - shown.Skip(1).Sum(i => widths[i] + Gap);
        while (Left() < Math.Min(widths[0], NameWidth) && shown.FindLastIndex(i => columns[i].MayGo) is > 0 and var last)
        {
            gone.Insert(0, columns[shown[last]].Header);
            shown.RemoveAt(last);
        }

        widths[0] = Math.Max(columns[0].Header.Length, Math.Min(widths[0], Math.Max(Left(), 2)));
        console.WriteLine(Line(shown, widths, i => new Cell(columns[i].Header, Looks.Header)));
        console.WriteLine(
            new StyledLine().Add(new string('─', Math.Min(console.Profile.Width, shown.Sum(i => widths[i] + Gap) - Gap)), Looks.Quiet)
        );
        for (var row = 0; row < rows.Count; row++)
            WriteRow(console, row, shown, widths);
        return gone;
    }

    /// <summary>Writes all of it, and says which columns had no room.</summary>
    public void WriteAndSay(IAnsiConsole console)
    {
        if (Write(console) is { Count: > 0 } gone)
            console.WriteText($"Not shown (--json has all): {string.Join(", ", gone)}", style: Looks.Quiet);
    }

    private void WriteRow(IAnsiConsole console, int row, List<int> shown, int[] widths)
    {
        var cells = rows[row];
        if (cells[0].Columns <= widths[0])
            console.WriteLine(Line(shown, widths, i => cells[i]));
        else
        {
            console.WriteLine(new StyledLine().Add(cells[0].Text, cells[0].Style));
            console.WriteLine(Line(shown, widths, i => i == 0 ? new Cell("") : cells[i]));
        }

        foreach (var note in notes[row])
            console.WriteText(note, indent: Gap, Looks.Quiet);
    }

    private StyledLine Line(List<int> shown, int[] widths, Func<int, Cell> cellOf)
    {
        var line = new StyledLine();
        foreach (var i in shown)
        {
            var cell = cellOf(i);
            var space = widths[i] - cell.Columns;
            if (i > 0)
                line.Space(Gap);
            if (columns[i].IsNumber)
                line.Space(space).Add(cell.Text, cell.Style);
            else
                line.Add(cell.Text, cell.Style).Space(space);
        }

        return line;
    }

    private sealed record Column(string Header, bool IsNumber, bool MayGo);
}

/// <summary>A cell: text, and how it looks where there is colour.</summary>
internal readonly record struct Cell(string Text, Style? Style = null)
{
    /// <summary>How many columns it takes.</summary>
    public int Columns => TextLines.Columns(Text);

    /// <summary>Text from outside: control characters are shown as question marks.</summary>
    public static implicit operator Cell(string? text) => new(Cleaned(text ?? ""));

    /// <summary>A word that says how something stands, in its colour.</summary>
    public static Cell State(string word) => new(Cleaned(word), Looks.Of(word));

    private static string Cleaned(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(character => char.IsControl(character) ? '?' : character)) : text;
}
