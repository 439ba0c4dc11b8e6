using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Tests.Histories;

/// <summary>Children are known from histories that are still being written.</summary>
public sealed class ChildrenSeenTests
{
    [Fact]
    public void Read_HistoryThatGrows_KnowsEachChildOnce()
    {
        var folder = Directory.CreateTempSubdirectory("agentbudget-children-").FullName;
        try
        {
            string[] paths = [Path.Combine(folder, "a"), Path.Combine(folder, "not-yet")];
            var seen = new ChildrenSeen(paths);
            Assert.Empty(seen.Read());
            var lines = Line("m/ü") + Line("m/ü") + Line("m/2");
            File.WriteAllText(paths[0], lines[..^9]);
            Assert.Equal(["m/ü"], seen.Read());
            File.AppendAllText(paths[0], lines[^9..]);
            Assert.Equal(["m/2", "m/ü"], seen.Read().Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Line(string child)
    {
        using var text = new StringWriter();
        new HistoryWriter(text).Write(
            new Invocation
            {
                Number = 1,
                Client = "c0",
                Session = "m",
                SentAt = DateTimeOffset.UnixEpoch,
                Command = new OpenCarvedChildCommand
                {
                    Child = child,
                    Options = SessionPlan.OptionsOf(3, 4),
                    Key = "k",
                },
            }
        );
        return text.ToString();
    }
}
