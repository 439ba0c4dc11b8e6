using System.Text;
using Spectre.Console;

namespace AgentBudget.Cli.Terminal;

/// <summary>One line made of pieces that look different where there is colour.</summary>
internal sealed class StyledLine
{
    private readonly List<(string Text, Style? Style)> pieces = [];

    /// <summary>How many columns it takes.</summary>
    public int Length { get; private set; }

    public StyledLine Add(string text, Style? style = null)
    {
        pieces.Add((text, style));
        Length += TextLines.Columns(text);
        return this;
    }

    public StyledLine Space(int columns) => Add(new string(' ', columns));

    public Paragraph ToParagraph()
    {
        var paragraph = new Paragraph();
        foreach (var (text, style) in pieces)
            paragraph.Append(text, style);
        paragraph.Append("\n");
        return paragraph;
    }

    public override string ToString()
    {
        var line = new StringBuilder(Length);
        foreach (var (text, _) in pieces)
            line.Append(text);
        return line.ToString().TrimEnd();
    }
}
