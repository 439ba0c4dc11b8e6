using System.Text;
using AgentBudget.Orleans.PostgreSql.Appending;

namespace AgentBudget.Orleans.PostgreSql.Tests.Appending;

/// <summary>Texts stand side by side in a buffer that moves when it grows.</summary>
public sealed class Utf8TextsTests
{
    private readonly Utf8Texts texts = new();

    [Fact]
    public void All_AfterTheBufferHasGrown_EachTextIsWhole()
    {
        string[] added = [.. Enumerable.Range(0, 2_000).Select(i => $"größe {i} {new string('漢', i % 50)}"), ""];
        Add(added);
        Assert.Equal(added, Read());
    }

    [Fact]
    public void All_AskedForAgain_GivesTheSame()
    {
        Add(["one", "", "two"]);
        Assert.Equal(Read(), Read());
        Add(["three"]);
        Assert.Equal(["one", "", "two", "three"], Read());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5 * 1024 * 1024)] // more than is kept
    public void Clear_WhateverStoodThere_TheNextTextsStandAlone(int length)
    {
        Add([new string('x', length), "y"]);
        Assert.Equal(2, Read().Length);
        texts.Clear();
        Assert.Empty(Read());
        Add(["z"]);
        Assert.Equal(["z"], Read());
    }

    private void Add(IEnumerable<string> added)
    {
        foreach (var text in added)
            texts.Add(Encoding.UTF8.GetBytes(text));
    }

    private string[] Read() => [.. texts.All().Select(text => Encoding.UTF8.GetString(text.Span))];
}
