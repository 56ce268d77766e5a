using Wisp.Tools;

namespace Wisp.Network.Tests.Support;

/// <summary>A started guest network in a namespace of its own, and the host's tools there.</summary>
internal sealed class TestNetwork : IDisposable
{
    private readonly ToolRunner _tools = new();

    private readonly bool _isPrivate;

    public TestNetwork(bool isPrivate = false)
    {
        _isPrivate = isPrivate;
        Guests = Reopen();
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("wisp-test-").FullName;

    public GuestNetwork Guests { get; }

    public static string Forwarding
    {
        get => File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim();
        set => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", value);
    }

    public static IEnumerable<string> Devices => new DirectoryInfo("/sys/class/net").EnumerateFileSystemInfos().Select(device => device.Name).Order(StringComparer.Ordinal);

    /// <summary>Runs a test in a namespace.</summary>
    public static Task RunAsync(Func<TestNetwork, Task> test, bool isPrivate = false)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("A network namespace needs root.");
        }

        return NetworkNamespace.RunAsync(async () =>
        {
            using var network = new TestNetwork(isPrivate);
            await test(network);
        });
    }

    /// <summary>As the next wispd would.</summary>
    public GuestNetwork Reopen() => new(Directory, _tools, _isPrivate);

    public async Task<TestNetwork> StartAsync()
    {
        Assert.Null((await Guests.StartAsync(default)).Error);
        return this;
    }

    public async Task<GuestInterface> AttachAsync(int slot)
    {
        var attached = await Guests.AttachAsync(slot, default);
        Assert.Null(attached.Error);
        return attached.Value;
    }

    /// <summary>Runs a tool that must succeed; its output.</summary>
    public async Task<string> HostAsync(string program, params string[] arguments)
    {
        var output = (await _tools.RunAsync(new ToolCommand(program, arguments))).Value;
        Assert.True(output.Ok, output.Stderr);
        return output.Stdout;
    }

    /// <summary>Runs a tool with input.</summary>
    public async Task<ToolOutput> FeedAsync(string input, string program, params string[] arguments) =>
        (await _tools.RunAsync(new ToolCommand(program, arguments) { Input = input })).Value;

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
