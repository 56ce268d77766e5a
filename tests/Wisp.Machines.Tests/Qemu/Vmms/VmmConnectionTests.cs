using System.Diagnostics;
using System.Net.Sockets;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu.Vmms;

/// <summary>Sockets on which this process is the VMM.</summary>
public sealed class VmmConnectionTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly VmmFiles _files;
    private readonly List<Socket> _sockets = [];

    public VmmConnectionTests()
    {
        _files = new VmmFiles(_directory.Path);
        Directory.CreateDirectory(_files.Run);
    }

    [Fact]
    public async Task Both_sockets_are_connected_though_the_vmm_comes_up_late()
    {
        var opening = VmmConnection.OpenAsync(_files, Self(), TimeProvider.System, Timeout, default);
        var qmp = await PlayQmpAsync();
        var agent = Listen(_files.AgentSocket);
        await using var connection = (await opening).Value;
        Assert.NotNull(await agent.AcceptAsync());
        Assert.NotNull(qmp);
    }

    [Fact]
    public async Task A_vmm_that_died_is_told_with_its_last_words()
    {
        using var child = Process.Start("sleep", "infinity");
        var process = VmmProcess.Find(child.Id)!;
        await process.EndAsync(TimeProvider.System);
        await File.WriteAllTextAsync(_files.Log, "qemu: could not open /images/root.erofs\n");
        var error = (await VmmConnection.OpenAsync(_files, process, TimeProvider.System, Timeout, default)).Error!;
        Assert.Equal((ErrorCode.OperationFailed, "vmm-start"), (error.Code, error.Help));
        Assert.Contains("could not open /images/root.erofs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vmm_that_never_listens_is_given_up()
    {
        var error = (await VmmConnection.OpenAsync(_files, Self(), TimeProvider.System, TimeSpan.Zero, default)).Error!;
        Assert.Equal(ErrorCode.TimedOut, error.Code);
        Assert.Contains(_files.QmpSocket, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The directory is the VMM's to write: what listens there may be another.</summary>
    [Fact]
    public async Task A_socket_of_another_process_is_not_believed()
    {
        Listen(_files.QmpSocket);
        using var child = Process.Start("sleep", "infinity");
        try
        {
            var error = (await VmmConnection.OpenAsync(_files, VmmProcess.Find(child.Id)!, TimeProvider.System, Timeout, default)).Error!;
            Assert.Contains("does not belong to the VMM", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }
    }

    /// <summary>sockaddr_un has room for 107 characters.</summary>
    [Fact]
    public async Task A_directory_too_deep_for_sockets_is_an_error_and_not_an_exception()
    {
        var deep = new VmmFiles(_directory.At(new string('d', 120)));
        var error = (await VmmConnection.OpenAsync(deep, Self(), TimeProvider.System, Timeout, default)).Error!;
        Assert.Equal(ErrorCode.InvalidValue, error.Code);
        Assert.Contains("WISP_DATA_DIR", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Giving_up_hangs_up()
    {
        using var cancellation = new CancellationTokenSource();
        var opening = VmmConnection.OpenAsync(_files, Self(), TimeProvider.System, Timeout, cancellation.Token);
        var qmp = await PlayQmpAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        // A reset says that what was sent last was never read.
        Assert.True(await Record.ExceptionAsync(() => qmp.ReceiveAsync(new byte[1]).WaitAsync(Timeout)) is null or SocketException { SocketErrorCode: SocketError.ConnectionReset });
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _directory.Dispose();
    }

    private static VmmProcess Self() => VmmProcess.Find(Environment.ProcessId)!;

    private Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _sockets.Add(listener);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return listener;
    }

    private async Task<Socket> PlayQmpAsync()
    {
        var socket = await Listen(_files.QmpSocket).AcceptAsync();
        _sockets.Add(socket);
        await socket.SendAsync("{\"QMP\":{}}\n"u8.ToArray());
        await socket.ReceiveAsync(new byte[1000]);
        await socket.SendAsync("{\"return\":{},\"id\":1}\n"u8.ToArray());
        return socket;
    }
}
