using System.Text.Encodings.Web;
using System.Text.Json;
using AgentBudget.Cli.Terminal;

namespace AgentBudget.Cli.Views;

/// <summary>What was found of an export of events.</summary>
internal static class VerificationView
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(CliTerminal terminal, EventVerification verification, bool isJson)
    {
        var (ledgers, billed) = (0L, Money.Zero);
        foreach (var ledger in verification.Ledgers)
            (ledgers, billed) = (ledgers + 1, billed + ledger.Billed);
        if (isJson)
        {
            terminal.Out.WriteLine(Json(verification, ledgers, billed));
            return;
        }

        foreach (var finding in verification.Findings)
        {
            var at = finding.Line == 0 ? "at the end" : $"line {finding.Line}";
            terminal.Screen.WriteLine(
                new StyledLine().Add(WordOf(finding.Kind), Looks.Bad).Add($" {finding.Event} ({at}): {finding.Problem}")
            );
        }

        if (verification.FindingsTotal > verification.Findings.Count)
            terminal.Screen.WriteText($"There are {verification.FindingsTotal - verification.Findings.Count} more.");
        var verdict = verification.FindingsTotal == 0 ? "Nothing is wrong with" : $"{verification.FindingsTotal} found in";
        terminal.Screen.WriteText(
            FormattableString.Invariant($"{verdict} {verification.Events:N0} events of {ledgers:N0} ledgers, {billed} billed.")
        );
        terminal.Screen.WriteText(NotProven(verification), style: Looks.Quiet);
    }

    private static string NotProven(EventVerification verification)
    {
        var setAside =
            verification.SetAsideUnproven == 0
                ? ""
                : FormattableString.Invariant(
                    $"what {verification.SetAsideUnproven:N0} settlements and expiries say was set aside, with reservations before them; "
                );
        return $"Not proven: {setAside}how spend is divided among names; what calls say of themselves; amounts of tenants' own events.";
    }

    private static string Json(EventVerification verification, long ledgers, Money billed) =>
        JsonSerializer.Serialize(
            new
            {
                IsWhole = verification.FindingsTotal == 0,
                verification.Events,
                Ledgers = ledgers,
                Billed = billed.ToDecimalString(),
                verification.SetAsideUnproven,
                verification.FindingsTotal,
                Findings = verification.Findings.Select(finding => new
                {
                    Kind = WordOf(finding.Kind),
                    finding.Line,
                    finding.Event,
                    finding.Problem,
                }),
            },
            Options
        );

    private static string WordOf(EventFindingKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
