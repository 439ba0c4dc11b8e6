using System.Reflection;
using AgentBudget.Architecture.Tests.Dependencies;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>
/// A program that has <c>using AgentBudget;</c> and the implicit usings of its SDK can name each of our types: none is called like a type
/// that it sees already.
/// </summary>
public sealed class TypeNameTests
{
    // Implicit usings of Microsoft.NET.Sdk, .Web and .Worker, and what every silo has besides.
    private static readonly string[] Seen =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Net.Http.Json",
        "System.Threading",
        "System.Threading.Tasks",
        "Microsoft.AspNetCore.Builder",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging",
        "Orleans",
        "Orleans.Hosting",
    ];

    [Fact]
    public void PublicTypes_OfTheProject_AreCalledLikeNoneThatProgramsSeeAlready()
    {
        var theirs = Theirs();
        Assert.Empty(from type in Ours() where theirs.ContainsKey(type.Name) select $"{type.FullName} and {theirs[type.Name]}");
    }

    [Theory]
    [InlineData("SessionOptions")]
    [InlineData("Index")]
    [InlineData("ILogger")]
    [InlineData("JsonContent")]
    [InlineData("IGrainFactory")]
    public void Theirs_OfEveryRoom_AreLookedAt(string name) => Assert.Contains(name, Theirs().Keys);

    private static IEnumerable<Type> Ours() =>
        Project
            .All.SelectMany(project => project.Load().GetExportedTypes())
            .Where(type => !type.IsNested && type.Namespace == "AgentBudget");

    // The frameworks that this test runs on, and everything that a server of ours loads beside them.
    private static Dictionary<string, string> Theirs()
    {
        var frameworks = new[] { typeof(object).Assembly.Location, typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location };
        var files = frameworks
            .Append(typeof(IGrainFactory).Assembly.Location)
            .SelectMany(file => Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.dll"));
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in files.SelectMany(Exported))
        {
            if (!type.IsNested && Seen.Contains(type.Namespace))
                found.TryAdd(type.Name, type.FullName!);
        }

        return found;
    }

    private static IEnumerable<Type> Exported(string file)
    {
        try
        {
            return Assembly.Load(AssemblyName.GetAssemblyName(file)).GetExportedTypes();
        }
        catch (Exception exception)
            when (exception is BadImageFormatException or FileNotFoundException or FileLoadException or TypeLoadException)
        {
            // No managed library, or one for another platform.
            return [];
        }
    }
}
