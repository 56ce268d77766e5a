using Wisp.Sockets;

namespace Wisp.Primitives.Tests.Sockets;

public sealed unsafe class SocketMessageTests
{
    [Fact]
    public void The_kernels_structures_have_their_layout()
    {
        SocketMessage.IoVector vector;
        Assert.Equal((16, 0, 8), (sizeof(SocketMessage.IoVector), At(&vector, &vector.Base), At(&vector, &vector.Length)));
        SocketMessage.MessageHeader header;
        Assert.Equal(56, sizeof(SocketMessage.MessageHeader));
        Assert.Equal(
            [0, 8, 16, 24, 32, 40, 48],
            [
                At(&header, &header.Name), At(&header, &header.NameLength), At(&header, &header.Vectors), At(&header, &header.VectorCount),
                At(&header, &header.Control), At(&header, &header.ControlLength), At(&header, &header.Flags),
            ]);

        static int At(void* structure, void* member) => (int)((byte*)member - (byte*)structure);
    }

    [Fact]
    public void A_control_message_is_laid_out_as_the_kernel_reads_it()
    {
        Span<byte> control = stackalloc byte[SocketMessage.ControlSpace(3)];
        control.Fill(0xff);
        SocketMessage.WriteControl(control, 1, 2, [7, 8, 9]);
        Assert.Equal([19, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 7, 8, 9, 0, 0, 0, 0, 0], control.ToArray());
    }
}
