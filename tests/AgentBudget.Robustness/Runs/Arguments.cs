using System.Globalization;

namespace AgentBudget.Robustness.Runs;

/// <summary>Reads the values of a command line's options.</summary>
internal static class Arguments
{
    /// <summary>Folds all options into settings.</summary>
    /// <param name="arguments">Options, each followed by its value.</param>
    /// <param name="start">The settings without any.</param>
    /// <param name="take">Gives the settings with one more option, or null when there is none of that name.</param>
    /// <param name="known">The options there are, for the error.</param>
    /// <exception cref="FormatException">Something is wrong; the message says what.</exception>
    public static T Fold<T>(IReadOnlyList<string> arguments, T start, Func<T, string, string, T?> take, IReadOnlyList<string> known)
        where T : class
    {
        var settings = start;
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            if (!known.Contains(name, StringComparer.Ordinal))
                throw new FormatException($"{name} is no option; there are {string.Join(", ", known)}.");
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{name} needs a value.");
            settings = take(settings, name, value) ?? throw new FormatException($"{name} is not taken here.");
        }

        return settings;
    }

    /// <summary>A whole number in a range.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(FormattableString.Invariant($"{name} {value}: write a number from {least} to {most}."));

    /// <summary>A time of seconds or minutes.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan Time(string name, string value)
    {
        var unit =
            value.EndsWith('s') ? 1
            : value.EndsWith('m') ? 60
            : 0;
        if (
            unit == 0
            || !int.TryParse(value.AsSpan(0, value.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1
            || number * (long)unit > 86_400
        )
            throw new FormatException($"{name} {value}: write a time such as 60s or 10m, up to a day.");
        return TimeSpan.FromSeconds(unit * number);
    }
}
