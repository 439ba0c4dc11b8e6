using System.Reflection;
using System.Text;
using AgentBudget.Architecture.Tests.Samples;
using AgentBudget.Architecture.Tests.Wire;
using AgentBudget.Orleans.Storage.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace AgentBudget.Architecture.Tests.Frozen;

/// <summary>
/// A sample of every form on the wire and in stores, taken down once, is read by each later build and still says what it said. From the
/// first release on, <c>forms.txt</c> only grows. A new type is taken down with <c>AGENTBUDGET_FREEZE=1</c>, which adds what is
/// missing and changes nothing else.
/// </summary>
public sealed class FrozenFormTests : IDisposable
{
    private const string File = "tests/AgentBudget.Architecture.Tests/Frozen/forms.txt";

    private readonly ServiceProvider services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(IBudgetSession).Assembly).AddAssembly(typeof(Entry).Assembly))
        .BuildServiceProvider();

    private readonly LedgerJsonWriter json = new();

    private Serializer Serializer => services.GetRequiredService<Serializer>();

    [Fact]
    public void Forms_TakenDownEarlier_AreReadAsTheyWereWritten()
    {
        Freeze();
        var problems = new List<string>();
        foreach (var (name, form, lines) in Frozen())
        {
            var said = Description.Of(Read(name, form)).ToHashSet();
            problems.AddRange(lines.Where(line => !said.Contains(line)).Select(line => $"{name}: {line}"));
        }

        Assert.Empty(problems);
    }

    [Fact]
    public void Forms_OfEverything_AreTakenDown() => Assert.Empty(Names().Except(Frozen().Select(sample => sample.Name)));

    public void Dispose()
    {
        json.Dispose();
        services.Dispose();
    }

    private static IEnumerable<(string Name, string Form, string[] Lines)> Frozen() =>
        from block in Repository.Read(File).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        let lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        where !lines[0].StartsWith('#')
        select (lines[0], lines[1], lines[2..]);

    private static IEnumerable<string> Names()
    {
        foreach (var filling in new[] { Filling.Full, Filling.Sparse })
        {
            foreach (var type in WireTypes.ByOwnCodec.Concat(WireTypes.Reachable).Where(type => !type.IsAbstract).Distinct())
                yield return $"wire {NameOf(type)} {filling}";
            foreach (var stored in new[] { nameof(Entry), nameof(SessionHead), nameof(BudgetSessionOptions), nameof(Call) })
                yield return $"stored {stored} {filling}";
        }
    }

    private static string NameOf(Type type) => type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? type.Name;

    private static Type TypeNamed(string name) =>
        WireTypes
            .ByOwnCodec.Concat(WireTypes.Reachable)
            .Append(typeof(SessionHead))
            .First(type => NameOf(type) == name || type.Name == name);

    private void Freeze()
    {
        if (Environment.GetEnvironmentVariable("AGENTBUDGET_FREEZE") != "1")
            return;
        var known = Frozen().Select(sample => sample.Name).ToHashSet();
        var text = new StringBuilder(Repository.Read(File));
        foreach (var name in Names().Where(name => !known.Contains(name)))
        {
            var words = name.Split(' ');
            var form = Write(words[0], Sample.Of(TypeNamed(words[1]), Enum.Parse<Filling>(words[2])));
            text.Append('\n')
                .Append(name)
                .Append('\n')
                .Append(form)
                .Append('\n')
                .AppendJoin('\n', Description.Of(Read(name, form)))
                .Append('\n');
        }

        System.IO.File.WriteAllText(Path.Combine(Repository.Root, File), text.ToString());
    }

    private string Write(string kind, object value) =>
        kind == "wire"
            ? Convert.ToHexString(Serializer.SerializeToArray(value))
            : Encoding.UTF8.GetString(
                value switch
                {
                    Entry entry => json.Write(entry),
                    SessionHead head => json.Write(head),
                    Call call => json.Write(call),
                    _ => LedgerJson.WriteOptions((BudgetSessionOptions)value),
                }
            );

    private object? Read(string name, string form)
    {
        var words = name.Split(' ');
        if (words[0] == "wire")
            return Serializer.Deserialize<object>(Convert.FromHexString(form));
        var utf8 = Encoding.UTF8.GetBytes(form);
        return words[1] switch
        {
            nameof(Entry) => LedgerJson.ReadDetail(new Entry(), Money.Zero, Money.Zero, Money.Zero, utf8),
            nameof(SessionHead) => LedgerJson.ReadDetail(new SessionHead { SessionId = "s" }, utf8),
            nameof(Call) => LedgerJson.ReadCall(utf8),
            _ => LedgerJson.ReadOptions(utf8),
        };
    }
}
