using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentBudget.Ledger.Tests;

/// <summary>L4 rests on what each command is: two that hash alike would be taken for retries of one another.</summary>
public sealed class CommandListTests
{
    private static readonly Type[] Commands =
    [
        .. typeof(SessionCommand).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(SessionCommand)) && !type.IsAbstract),
    ];

    // Its answer comes from another ledger: the simulation draws it.
    private static readonly Type[] OfTwoLedgers =
    [
        typeof(OpenCarvedChildCommand),
        typeof(SetTenantCommand),
        typeof(TopUpTenantCommand),
        typeof(StopTenantCommand),
    ];

    [Fact]
    public void BodyKinds_OfAllCommands_AreDistinct()
    {
        var number = typeof(SessionCommand).GetProperty("BodyKind", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var numbers = Commands.Select(command => (int)number.GetValue(RuntimeHelpers.GetUninitializedObject(command))!);
        Assert.Distinct(numbers);
    }

    [Fact]
    public void Commands_ButThoseOfTwoLedgers_AreDraftedForTheNaiveModel()
    {
        var terms = new Terms(100, [90], 100, 0, (false, true), (null, 300), 0, 10);
        var maker = new CommandMaker(new Scenario(terms, []), new NaiveSession());
        var drafted =
            from operation in Enumerable.Range(0, 100)
            from bits in Enumerable.Range(0, 64)
            select maker.Make(new Step(operation, 0, 1, 1, 0, 0, 0, bits), index: 1).GetType();
        Assert.Equal(Commands.Except(OfTwoLedgers).Select(type => type.Name).Order(), drafted.Distinct().Select(type => type.Name).Order());
    }
}
