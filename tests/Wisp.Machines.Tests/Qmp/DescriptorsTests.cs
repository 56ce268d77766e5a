using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Wisp.Machines.Qmp;
using Wisp.Machines.Tests.Support;
using Wisp.Sockets;

namespace Wisp.Machines.Tests.Qmp;

public sealed unsafe partial class DescriptorsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>One is an odd number of integers and two an even one: the kernel wants both padded.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(Descriptors.MostPerMessage)]
    public void They_arrive_in_order_and_open(int count)
    {
        var (ours, theirs) = Descriptors.Pair();
        using (ours)
        using (theirs)
        {
            var sent = Enumerable.Range(0, count).Select(Make).ToList();
            Descriptors.Send(ours.SafeHandle, "words"u8, [.. sent.Select(file => (int)file.DangerousGetHandle())]);
            sent.ForEach(file => file.Dispose());
            var received = Receive(theirs, out var words);
            Assert.Equal("words", words);
            Assert.Equal(Enumerable.Range(0, count), received.Select(Read));
            received.ForEach(file => file.Dispose());
        }
    }

    [Fact]
    public void More_than_the_kernel_takes_are_refused()
    {
        var (ours, theirs) = Descriptors.Pair();
        using (ours)
        using (theirs)
        {
            var exception = Assert.Throws<SocketException>(() => Descriptors.Send(ours.SafeHandle, "x"u8, new int[Descriptors.MostPerMessage + 1]));
            Assert.Contains("cannot hand over descriptors", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_peer_that_is_gone_is_an_error_and_no_signal()
    {
        var (ours, theirs) = Descriptors.Pair();
        theirs.Dispose();
        using (ours)
        {
            Assert.Throws<SocketException>(() => Descriptors.Send(ours.SafeHandle, "x"u8, [0]));
        }
    }

    public void Dispose() => _directory.Dispose();

    private SafeFileHandle Make(int number)
    {
        var path = _directory.At($"{number}");
        File.WriteAllText(path, $"{number}");
        return File.OpenHandle(path);
    }

    private static int Read(SafeFileHandle file)
    {
        var bytes = new byte[16];
        return int.Parse(System.Text.Encoding.ASCII.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0)), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static List<SafeFileHandle> Receive(SafeSocketHandle socket, out string words)
    {
        var data = stackalloc byte[64];
        var control = stackalloc byte[SocketMessage.ControlHead + (Descriptors.MostPerMessage * sizeof(int)) + 4];
        var vector = new SocketMessage.IoVector { Base = data, Length = 64 };
        var header = new SocketMessage.MessageHeader
        {
            Vectors = &vector, VectorCount = 1, Control = control, ControlLength = SocketMessage.ControlHead + (Descriptors.MostPerMessage * sizeof(int)) + 4,
        };
        // SAFETY: everything the header points to is on this stack, as long as it says.
        var length = recvmsg(socket, &header, 0);
        words = System.Text.Encoding.UTF8.GetString(data, (int)length);
        var count = ((int)*(nuint*)control - SocketMessage.ControlHead) / sizeof(int);
        return [.. new Span<int>(control + SocketMessage.ControlHead, count).ToArray().Select(number => new SafeFileHandle(number, ownsHandle: true))];
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(SafeHandle socket, SocketMessage.MessageHeader* message, int flags);
}
