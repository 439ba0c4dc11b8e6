using System.Text;
using AgentBudget.Orleans.Storage;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Reading;

/// <summary>
/// Rows beside a timeline, as arrays in one row of a result: a ledger may have ten thousand of them, and its head is not to be sent as
/// often.
/// </summary>
internal static class SideColumns
{
    /// <summary>The arrays, of a table <c>r</c>.</summary>
    public const string Arrays = "r.kinds, r.numbers, r.names, r.amounts, r.times, r.details";

    /// <summary>How they are gathered of rows <c>s</c>.</summary>
    public const string Gathered = """
        array_agg(s.kind) AS kinds, array_agg(s.number) AS numbers, array_agg(s.name) AS names, array_agg(s.reserved_nano_usd) AS amounts,
        array_agg(s.at) AS times, array_agg(s.detail) AS details
        """;

    /// <summary>The rows.</summary>
    /// <param name="reader">A reader that stands on a row.</param>
    /// <param name="first">The column that the arrays begin at.</param>
    public static SideRows Read(NpgsqlDataReader reader, int first)
    {
        var rows = new SideRows();
        // Nothing was gathered.
        if (reader.IsDBNull(first))
            return rows;
        var kinds = reader.GetFieldValue<short[]>(first);
        var numbers = reader.GetFieldValue<long[]>(first + 1);
        var names = reader.GetFieldValue<string?[]>(first + 2);
        var amounts = reader.GetFieldValue<long[]>(first + 3);
        var times = reader.GetFieldValue<long[]>(first + 4);
        var details = reader.GetFieldValue<string[]>(first + 5);
        for (var i = 0; i < kinds.Length; i++)
        {
            var at = new DateTimeOffset(times[i], TimeSpan.Zero);
            var detail = Encoding.UTF8.GetBytes(details[i]);
            rows.Put(SideRow.Stored((SideRowKind)kinds[i], numbers[i], names[i], Money.FromNanoDollars(amounts[i]), at, detail));
        }

        return rows;
    }
}
