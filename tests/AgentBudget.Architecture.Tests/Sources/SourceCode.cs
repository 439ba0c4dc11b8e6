using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AgentBudget.Architecture.Tests.Sources;

/// <summary>
/// The code of src as the compiler reads it, all projects as one. What is generated at build time is missing in it, so it does not
/// compile; what is asked here stands in the written code.
/// </summary>
internal sealed class SourceCode
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        global using Orleans;
        global using Orleans.Hosting;
        global using Orleans.Runtime;
        """;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    private static readonly Lazy<SourceCode> OfSrc = new(() =>
        new SourceCode(Repository.Files("src", "*.cs").Select(path => (path, Repository.Read(path))))
    );

    // Everything that this test was compiled against, but for our own assemblies, which are here as source.
    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(file => !Path.GetFileName(file).StartsWith("AgentBudget", StringComparison.Ordinal))
                .Select(file => MetadataReference.CreateFromFile(file)),
        ]
    );

    private readonly CSharpCompilation compilation;

    // One model for all who ask: it remembers what it has found out.
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> models = [];

    private SourceCode(IEnumerable<(string Path, string Text)> files)
    {
        Trees = [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, Options, file.Path))];
        compilation = CSharpCompilation.Create(
            "src",
            Trees.Append(CSharpSyntaxTree.ParseText(Usings, Options)),
            References.Value,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
    }

    /// <summary>All of src.</summary>
    public static SourceCode Src => OfSrc.Value;

    /// <summary>Its files, each with its path from the repository's root.</summary>
    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>Code that a test makes up.</summary>
    public static SourceCode Of(string text) => new([("test.cs", text)]);

    /// <summary>What the code says, of one kind of syntax: with the member that it stands in.</summary>
    /// <param name="named">Only in files that name this.</param>
    public IEnumerable<(string Member, T Node, SemanticModel Model)> All<T>(string named = "")
        where T : SyntaxNode =>
        from tree in Trees
        where tree.ToString().Contains(named, StringComparison.Ordinal)
        let model = models.GetOrAdd(tree, _ => compilation.GetSemanticModel(tree))
        from node in tree.GetRoot().DescendantNodes().OfType<T>()
        select (NameOf(node), node, model);

    /// <summary>Whether a type is one of ours, and not of a library's.</summary>
    public static bool IsOurs(ITypeSymbol? type) => type?.OriginalDefinition.Locations.Any(location => location.IsInSource) == true;

    /// <summary>Whether an operation stands for the object itself that the code is part of.</summary>
    public static bool IsThis(IOperation? operation) =>
        operation is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    /// <summary>Type and member that code stands in, or is.</summary>
    public static string NameOf(SyntaxNode node)
    {
        var type = string.Join(
            '.',
            node.AncestorsAndSelf().OfType<BaseTypeDeclarationSyntax>().Reverse().Select(each => each.Identifier.Text)
        );
        var member = node.AncestorsAndSelf()
            .Select(each =>
                each switch
                {
                    ConstructorDeclarationSyntax => "new",
                    MethodDeclarationSyntax method => method.Identifier.Text,
                    PropertyDeclarationSyntax property => property.Identifier.Text,
                    FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
                    _ => null,
                }
            )
            .FirstOrDefault(name => name is not null);
        return $"{type}.{member}";
    }
}
