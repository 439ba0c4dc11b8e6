using System.Globalization;

namespace AgentBudget.Cli.Input;

/// <summary>Reads values of the command line. Each error names the option, the value and the mend.</summary>
internal static class Inputs
{
    /// <summary>Dollars above zero.</summary>
    public static Money Dollars(string option, string? text)
    {
        if (text is null)
            throw new UsageException($"{option} is missing; write dollars such as \"5.00\".");
        if (!Money.TryParse(text, out var amount, out var problem))
            throw new UsageException($"{option}: {problem}");
        return amount > Money.Zero ? amount : throw new UsageException($"{option} is {amount}; it must be above $0.00.");
    }

    /// <summary>A fraction of the budget, in (0, 1].</summary>
    public static decimal Fraction(string option, string text)
    {
        var isNumber = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction);
        return isNumber && fraction is > 0 and <= 1
            ? fraction
            : throw new UsageException(
                $"{option} \"{text}\" is not a fraction of the budget; write a number above 0 and up to 1, such as 0.9."
            );
    }

    /// <summary>Why something is done; null when it is not said.</summary>
    public static string? Reason(string option, string? text)
    {
        try
        {
            new PauseCommand { Key = "-", Reason = text }.Validate();
            return text;
        }
        catch (ArgumentException refused)
        {
            throw new UsageException($"{option}: {refused.Message}");
        }
    }

    /// <summary>Who does something.</summary>
    public static string By(string option, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new UsageException($"{option} is missing; say who does it, such as {option} alice, for the tenant's history.");
        try
        {
            new PauseCommand { Key = "-", By = text }.Validate();
            return text;
        }
        catch (ArgumentException refused)
        {
            throw new UsageException($"{option}: {refused.Message}");
        }
    }

    /// <summary>The path of a tenant; null when none is given.</summary>
    public static TenantPath? Tenant(string option, string? text)
    {
        if (text is null)
            return null;
        return TenantPath.TryParse(text, out var tenant, out var problem) ? tenant : throw new UsageException($"{option} {problem}");
    }

    /// <summary>A whole number within bounds.</summary>
    public static int Count(string option, string? text, int byDefault, int least, int most)
    {
        if (text is null)
            return byDefault;
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        return isNumber && count >= least && count <= most
            ? count
            : throw new UsageException(FormattableString.Invariant($"{option} \"{text}\" must be a whole number from {least} to {most}."));
    }

    /// <summary>A duration such as <c>60s</c>, <c>5m</c> or <c>1h</c>, within bounds.</summary>
    public static TimeSpan Duration(string option, string? text, TimeSpan byDefault, (TimeSpan Least, TimeSpan Most) bounds)
    {
        if (text is null)
            return byDefault;
        var seconds =
            text.Length < 2
                ? 0
                : text[^1] switch
                {
                    's' => 1,
                    'm' => 60,
                    'h' => 3600,
                    _ => 0,
                };
        if (seconds == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw new UsageException($"{option} \"{text}\" is not a duration; write a whole number with s, m or h, such as 60s, 5m or 1h.");
        var duration = TimeSpan.FromSeconds((long)count * seconds);
        return duration >= bounds.Least && duration <= bounds.Most
            ? duration
            : throw new UsageException($"{option} \"{text}\" must be from {Words(bounds.Least)} to {Words(bounds.Most)}.");
    }

    /// <summary>One of some words.</summary>
    public static T Word<T>(string option, string? text, params ReadOnlySpan<(string Word, T Value)> words)
    {
        if (text is null)
            return words[0].Value;
        foreach (var (word, value) in words)
        {
            if (word == text)
                return value;
        }

        var known = new List<string>();
        foreach (var (word, _) in words)
            known.Add(word);
        throw new UsageException($"{option} \"{text}\" is not known; write {string.Join(", ", known[..^1])} or {known[^1]}.");
    }

    private static string Words(TimeSpan duration) =>
        duration.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0}h")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0}s");
}
