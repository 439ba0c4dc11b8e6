using System.Reflection;
using System.Xml.Linq;

namespace AgentBudget.Architecture.Tests.Dependencies;

/// <summary>A project of src: the folder of src that it is in, what its file asks for, and what its assembly was compiled
/// against.</summary>
internal sealed record Project(
    string Name,
    string Folder,
    string AssemblyName,
    IReadOnlyList<string> Projects,
    IReadOnlyList<string> Packages
)
{
    public static IReadOnlyList<Project> All { get; } = [.. Repository.Files("src", "*.csproj").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>The projects that the compiled assembly uses.</summary>
    public IEnumerable<string> CompiledProjects()
    {
        var byAssembly = All.ToDictionary(project => project.AssemblyName, project => project.Name);
        return CompiledReferences().Where(byAssembly.ContainsKey).Select(name => byAssembly[name]);
    }

    /// <summary>The assemblies that the compiled assembly uses.</summary>
    public IEnumerable<string> CompiledReferences() => Load().GetReferencedAssemblies().Select(reference => reference.Name!);

    public Assembly Load() => Assembly.Load(new AssemblyName(AssemblyName));

    private static Project Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var file = XDocument.Parse(Repository.Read(path));
        return new Project(
            name,
            path.Split('/')[1],
            file.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            [.. Includes(file, "ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes(file, "PackageReference")]
        );
    }

    private static IEnumerable<string> Includes(XDocument file, string element) =>
        file.Descendants(element).Select(reference => reference.Attribute("Include")?.Value).OfType<string>();
}
