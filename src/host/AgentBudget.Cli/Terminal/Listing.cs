using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>
/// Rows under headers, laid out for the width there is. Columns that can be done without go, the last of them first; where that is not
/// enough, others stand below their rows, and so do all that go where everything is to be kept. A name that is too long for its column
/// gets a line of its own. No cell is ever wrapped or cut, and no row is higher than three lines.
/// </summary>
/// <param name="keepsAll">Whether what is in columns that go stands below its row.</param>
internal sealed class Listing(bool keepsAll = false)
{
    private const int Gap = 2;
    private const int MaxLinesOfARow = 3;
    private const string More = "; more below";

    // A name's column is not made narrower than this for the sake of other columns: wider where nothing is lost with those.
    private readonly int nameWidth = keepsAll ? 44 : 24;
    private readonly bool keepsAll = keepsAll;

    private readonly List<Column> columns = [];
    private readonly List<Row> rows = [];

    /// <summary>A column; the first one holds names.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="isNumber">Whether it is aligned to the right.</param>
    /// <param name="mayGo">Whether it can be done without.</param>
    public Listing Add(string header, bool isNumber = false, bool mayGo = false)
    {
        columns.Add(new Column(new Cell(header, Looks.Header), isNumber, mayGo));
        return this;
    }

    /// <summary>A row, a cell for each column.</summary>
    public void AddRow(params Cell[] cells) => AddRow([], cells);

    /// <summary>A row with notes, which stand below it.</summary>
    public void AddRow(IReadOnlyList<string> notes, Cell[] cells)
    {
        if (cells.Length != columns.Count)
            throw new InvalidOperationException("A row has a cell for each column.");
        rows.Add(new Row(cells, notes));
    }

    /// <summary>Writes all of it, and answers with the headers of columns that had no room and stand nowhere.</summary>
    public IReadOnlyList<string> Write(IAnsiConsole console)
    {
        var layout = Layout.Of(this, console.Profile.Width);
        console.WriteLine(layout.LineOf([.. columns.Select(column => column.Header)]));
        console.WriteLine(new StyledLine().Add(new string('─', Math.Min(console.Profile.Width, layout.Width)), Looks.Quiet));
        var left = rows.Select(row => WriteRow(console, layout, row)).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i].Length == 0)
                continue;
            if (left.Take(i).All(notes => notes.Length == 0))
                console.WriteText("");
            console.WriteText(rows[i].Cells[0].Text + ":", style: Looks.Quiet);
            console.WriteText(string.Join("; ", left[i]), indent: Gap, Looks.Quiet);
        }

        return [.. layout.Gone.Select(column => columns[column].Header.Text)];
    }

    // What of its notes has no room in a row of three lines comes back.
    private static string[] WriteRow(IAnsiConsole console, Layout layout, Row row)
    {
        var room = MaxLinesOfARow - 1;
        if (row.Cells[0].Width <= layout.NameWidth)
            console.WriteLine(layout.LineOf(row.Cells));
        else
        {
            room--;
            console.WriteLine(new StyledLine().Add(row.Cells[0].Text, row.Cells[0].Style));
            console.WriteLine(layout.LineOf(["", .. row.Cells[1..]]));
        }

        var below = layout.Below.Where(column => row.Cells[column].Width > 0).ToArray();
        var notes = below.Select(column => $"{layout.HeaderOf(column)} {row.Cells[column].Text}").Concat(row.Notes).ToArray();
        string Joined(int count) => string.Join("; ", notes[..count]) + (count < notes.Length ? More : "");
        var shown = notes.Length;
        while (shown > 0 && TextLines.Wrap(Joined(shown), console.Profile.Width - Gap).Count() > room)
            shown--;
        var style = below.Select(column => row.Cells[column].Style).FirstOrDefault(style => style is not null);
        if (shown > 0)
            console.WriteText(Joined(shown), indent: Gap, style ?? Looks.Quiet);
        return notes[shown..];
    }

    private sealed record Column(Cell Header, bool IsNumber, bool MayGo);

    private sealed record Row(Cell[] Cells, IReadOnlyList<string> Notes);

    /// <summary>Which columns are shown, how wide, and where the others are.</summary>
    private sealed class Layout
    {
        private readonly Listing listing;
        private readonly int[] widths;
        private readonly List<int> shown;

        private Layout(Listing listing, int[] widths, List<int> shown) =>
            (this.listing, this.widths, this.shown) = (listing, widths, shown);

        public int NameWidth => widths[0];

        public int Width => shown.Sum(column => widths[column] + Gap) - Gap;

        /// <summary>The columns that stand below their rows.</summary>
        public List<int> Below { get; } = [];

        /// <summary>The columns that stand nowhere.</summary>
        public List<int> Gone { get; } = [];

        public static Layout Of(Listing listing, int width)
        {
            var columns = listing.columns;
            var widths = columns.Select((column, i) => listing.rows.Select(row => row.Cells[i].Width).Append(column.Header.Width).Max());
            // A column with nothing in it says nothing.
            var shown = Enumerable
                .Range(0, columns.Count)
                .Where(i => i == 0 || !columns[i].MayGo || listing.rows.Any(row => row.Cells[i].Width > 0));
            var layout = new Layout(listing, [.. widths], [.. shown]);
            layout.Fit(width);
            return layout;
        }

        public string HeaderOf(int column) => listing.columns[column].Header.Text;

        public StyledLine LineOf(Cell[] cells)
        {
            var line = new StyledLine();
            foreach (var i in shown)
            {
                var space = widths[i] - cells[i].Width;
                if (i > 0)
                    line.Space(Gap);
                if (listing.columns[i].IsNumber)
                    line.Space(space).Add(cells[i].Text, cells[i].Style);
                else
                    line.Add(cells[i].Text, cells[i].Style).Space(space);
            }

            return line;
        }

        private void Fit(int width)
        {
            int Left() => width - shown.Skip(1).Sum(i => widths[i] + Gap);
            var wanted = Math.Min(widths[0], listing.nameWidth);
            while (Left() < wanted && shown.FindLastIndex(i => i > 0 && listing.columns[i].MayGo) is > 0 and var last)
                TakeOut(last, listing.keepsAll ? Below : Gone);
            while (Left() < Math.Min(widths[0], listing.columns[0].Header.Width) && shown.Count > 1)
                TakeOut(shown.Count - 1, Below);
            widths[0] = Math.Max(listing.columns[0].Header.Width, Math.Min(widths[0], Math.Max(Left(), 2)));
        }

        private void TakeOut(int place, List<int> into)
        {
            into.Insert(0, shown[place]);
            shown.RemoveAt(place);
        }
    }
}
