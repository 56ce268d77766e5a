using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Wisp.Artifacts.Kernel;

namespace Wisp.Artifacts.Tests.Kernel;

public sealed class KernelModulesTests
{
    [Fact]
    public void Each_module_comes_after_those_it_depends_on_and_vsock_is_apart()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-modules-").FullName;
        try
        {
            Make("virtio_blk", "virtio,virtio_ring");
            Make("virtio", "virtio_ring");
            Make("virtio_ring", "");
            Make("fuse", "");
            Make("vsock_loopback", "vsock,virtio_ring");
            Make("vsock", "");
            Assert.False(KernelModules.Select(directory).Failed(out var error, out var modules), error?.Message);
            Assert.Equal(["virtio_ring", "virtio", "virtio_blk", "fuse"], modules!.Boot.Select(Path.GetFileNameWithoutExtension));
            Assert.Equal(["vsock", "vsock_loopback"], modules.Vsock.Select(Path.GetFileNameWithoutExtension));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        void Make(string name, string depends) => File.WriteAllText(Path.Combine(directory, name + ".ko"), $"ELF\0depends={depends}\0name={name}\0");
    }

    [Fact]
    public void A_signature_is_taken_off_and_nothing_else() => Gen.Select(Gen.Byte.Array[0, 100], Gen.Byte.Array[0, 100]).Sample((module, signature) =>
    {
        var size = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(size.AsSpan(8), signature.Length);
        byte[] signed = [.. module, .. signature, .. size, .. Encoding.ASCII.GetBytes("~Module signature appended~\n")];
        return KernelModules.WithoutSignature(signed).Span.SequenceEqual(module) && KernelModules.WithoutSignature(module).Span.SequenceEqual(module);
    });

    [Theory]
    [InlineData("~Module signature appended~\n")]
    [InlineData("\u00007777~Module signature appended~\n")]
    [InlineData("\u0000\u0000\u0000\u0009~Module signature appended~\n")]
    public void A_signature_longer_than_the_file_is_none(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(bytes, KernelModules.WithoutSignature(bytes).ToArray());
    }
}
