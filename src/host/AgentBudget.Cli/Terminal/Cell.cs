using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>A cell: text, which may come from outside, and how it looks where there is colour.</summary>
internal readonly record struct Cell
{
    public Cell(string text, Style? style = null)
    {
        // Here and not only when it is written: a column is as wide as what is written.
        Text = PlainText.Of(text);
        Style = style;
        Width = Text.GetCellWidth();
    }

    public string Text { get; }

    public Style? Style { get; }

    /// <summary>How many columns it takes.</summary>
    public int Width { get; }

    public static implicit operator Cell(string? text) => new(text ?? "");

    /// <summary>A word that says how something stands, in its colour.</summary>
    public static Cell State(string word) => new(word, Looks.Of(word));
}
