using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AgentBudget.Cli.Terminal;

/// <summary>One line made of pieces that look different where there is colour; never wrapped and never cut, however long it is.</summary>
internal sealed class StyledLine : Renderable
{
    private readonly List<(string Text, Style? Style)> pieces = [];

    /// <summary>Adds text, which may come from outside; never taken for markup.</summary>
    public StyledLine Add(string text, Style? style = null)
    {
        pieces.Add((PlainText.Of(text), style));
        return this;
    }

    public StyledLine Space(int columns) => Add(new string(' ', columns));

    public override string ToString()
    {
        var line = new StringBuilder();
        foreach (var (text, _) in pieces)
            line.Append(text);
        return line.ToString().TrimEnd();
    }

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var (text, style) in pieces)
            yield return new Segment(text, style ?? Style.Plain);
        yield return Segment.LineBreak;
    }
}
