using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Tests.Checking;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Tests.Histories;

/// <summary>What is taken down is what is read back.</summary>
public sealed class HistoryTests
{
    [Fact]
    public void Write_CommandsAndAnswers_ReadBackAlike()
    {
        var story = new Story(with: _ => SessionPlan.OptionsOf(1, 2));
        story.Reserve("0.10", "a", Call.Tool("search", "{\"page\":1}"));
        story.Reserve("90.00", "b");
        story.Do(
            new SettleCommand
            {
                ReservationId = 2,
                Cost = Money.Parse("0.05"),
                Call = Call.Model("gpt-5") with { Usage = new TokenUsage(5, 7) },
                Key = "c",
            }
        );
        story.Do(
            new CorrectCommand
            {
                EntrySequence = 3,
                Difference = -Money.Parse("0.01"),
                Reason = "as billed",
                Key = "d",
            }
        );
        story.Do(new PauseCommand { Key = "e" });
        var read = RoundTrip(story.Operations);
        Assert.Equal(story.Operations.Select(operation => operation.Answer), read.Select(operation => operation.Answer));
        Assert.Equal(
            story.Operations.Select(operation => operation.Invocation.BodyHash),
            read.Select(operation => operation.Invocation.BodyHash)
        );
        Assert.Equal(story.Operations.Select(operation => operation.ToString()), read.Select(operation => operation.ToString()));
    }

    [Fact]
    public void Write_ChildToOpen_ReadsBackAlike()
    {
        var command = new OpenCarvedChildCommand
        {
            Child = "a/b",
            Options = SessionPlan.OptionsOf(3, 4),
            Key = "k",
        };
        var operation = new Operation(
            new Invocation
            {
                Number = 1,
                Client = "c0",
                Session = "a",
                SentAt = DateTimeOffset.UnixEpoch,
                Command = command,
            },
            null
        );
        var read = Assert.Single(RoundTrip([operation]));
        Assert.True(read.IsUnknown);
        Assert.Equal(operation.Invocation.BodyHash, read.Invocation.BodyHash);
        Assert.Equal(
            new OpenCommand { Options = command.Options }.HashBody(),
            new OpenCommand { Options = ((OpenCarvedChildCommand)read.Invocation.Command!).Options }.HashBody()
        );
    }

    [Fact]
    public void Read_LastLineBrokenOff_IsLeftOut()
    {
        var story = new Story();
        story.Charge("0.10", "a");
        var text = Written(story.Operations);
        Assert.True(HistoryReader.Read(new StringReader(text.TrimEnd()[..^5]))[^1].IsUnknown);
    }

    private static IReadOnlyList<Operation> RoundTrip(IReadOnlyList<Operation> operations) =>
        HistoryReader.Read(new StringReader(Written(operations)));

    private static string Written(IReadOnlyList<Operation> operations)
    {
        using var text = new StringWriter();
        var writer = new HistoryWriter(text);
        foreach (var operation in operations)
        {
            writer.Write(operation.Invocation);
            if (operation.Outcome is { } outcome)
                writer.Write(outcome);
        }

        return text.ToString();
    }
}
