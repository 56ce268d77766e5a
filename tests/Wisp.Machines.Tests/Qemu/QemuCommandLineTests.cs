using Wisp.Machines.Qemu;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu;

public sealed class QemuCommandLineTests
{
    /// <summary>The whole of it, so that no change goes unseen.</summary>
    [Fact]
    public void An_emulated_machine_is_this() =>
        Assert.Equal(
            """
            /usr/bin/qemu
            -name 11111111-2222-3333-4444-555555555555
            -M microvm,isa-serial=on,rtc=on,pit=off,pic=off,memory-backend=ram,suppress-vmdesc=on
            -accel tcg,tb-size=128,thread=multi
            -cpu max
            -m 256M
            -smp 2
            -object memory-backend-file,id=ram,size=256M,share=on,mem-path=/data/memory/ram
            -nodefaults -no-user-config -nographic -no-reboot
            -global migration.send-configuration=off
            -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
            -chardev socket,id=qmp,path=/data/m/run/qmp,server=on,wait=off
            -mon chardev=qmp,mode=control
            -kernel /boot/vmlinux
            -initrd /boot/initramfs
            -append console=ttyS0 quiet loglevel=3 panic=-1 reboot=t random.trust_cpu=on 8250.nr_uarts=1 tsc=reliable no_timer_check mitigations=off tsc_early_khz=2500000
            -chardev file,id=kernel,path=/data/m/kernel.log,append=on
            -serial chardev:kernel
            -device virtio-serial-device
            -chardev file,id=console,path=/data/m/console.log,append=on
            -device virtconsole,chardev=console
            -chardev socket,id=agent,path=/data/m/run/agent,server=on,wait=off
            -device virtserialport,chardev=agent,name=org.wisp.agent
            -drive if=none,id=root,file=/images/root.erofs,format=raw,readonly=on,cache=unsafe,file.locking=off
            -device virtio-blk-device,drive=root,serial=root
            -device virtio-rng-device
            -netdev tap,id=net,fd=100
            -device virtio-net-device,netdev=net,mac=12:b0:0a:40:00:02
            """,
            Text(Build(Specifications.Plain() with { Interface = new MachineInterface("w000-t0", "12:b0:0a:40:00:02") }, "tcg", 2_500_000)));

    [Fact]
    public void Hardware_virtualisation_uses_the_hosts_processor_and_its_clock()
    {
        var line = Text(Build(Specifications.Plain(), "kvm", 2_500_000));
        Assert.Contains("-accel kvm\n-cpu host\n", line, StringComparison.Ordinal);
        Assert.DoesNotContain("tsc", line, StringComparison.Ordinal);
        Assert.DoesNotContain("mitigations", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_an_interface_has_none() =>
        Assert.DoesNotContain("net", Text(Build(Specifications.Plain(), "tcg", null)).Split('\n').Select(line => line.Split(' ')[0][1..]));

    [Fact]
    public void An_unknown_clock_is_left_to_the_guest() =>
        Assert.DoesNotContain("tsc_early_khz", Text(Build(Specifications.Plain(), "tcg", null)), StringComparison.Ordinal);

    /// <summary>QEMU reads a comma in a value as its end unless it is doubled.</summary>
    [Fact]
    public void A_comma_in_a_path_stays_in_the_path()
    {
        var line = QemuCommandLine.Build(
            "qemu", Specifications.Plain() with { RootFilesystem = "/a,b/root" }, new MachineFiles("/a,b/m"), "/a,b/ram", "tcg", null, 100);
        Assert.Contains(line, word => word.Contains("mem-path=/a,,b/ram", StringComparison.Ordinal));
        Assert.Contains(line, word => word.Contains("path=/a,,b/m/run/qmp,server", StringComparison.Ordinal));
        Assert.Contains(line, word => word.Contains("file=/a,,b/root,format", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Build(MachineSpecification specification, string accelerator, long? tscKhz) =>
        QemuCommandLine.Build("/usr/bin/qemu", specification, new MachineFiles("/data/m"), "/data/memory/ram", accelerator, tscKhz, 100);

    // One option with its value a line; flags after flags joined.
    private static string Text(IReadOnlyList<string> line)
    {
        var text = line[0];
        for (var i = 1; i < line.Count; i++)
        {
            var flagAfterFlag = line[i - 1][0] == '-' && line[i + 1 < line.Count ? i + 1 : i][0] == '-';
            text += (line[i][0] == '-' && !flagAfterFlag ? "\n" : " ") + line[i];
        }

        return text;
    }
}
