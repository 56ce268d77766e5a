using Wisp.Machines.Qemu;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu;

public sealed class QemuCommandLineTests
{
    private static readonly VmmShape Shape = new(256, 2);
    private static readonly VmmBoot Boot = new("/boot/vmlinux", "/boot/initramfs", null);

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
            -object memory-backend-file,id=ram,size=256M,share=off,mem-path=/wisp/ram
            -nodefaults -no-user-config -nographic -no-reboot
            -global migration.send-configuration=off
            -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
            -chardev socket,id=qmp,path=/data/m/run/qmp,server=on,wait=off
            -mon chardev=qmp,mode=control
            -kernel /boot/vmlinux
            -initrd /boot/initramfs
            -append dummy.numdummies=0 console=ttyS0 quiet loglevel=3 panic=-1 reboot=t random.trust_cpu=on 8250.nr_uarts=1 tsc=reliable no_timer_check mitigations=off tsc_early_khz=2500000
            -S
            -chardev file,id=kernel,path=/data/m/kernel.log,append=on
            -serial chardev:kernel
            -device virtio-serial-device
            -chardev file,id=console,path=/wisp/console
            -device virtconsole,chardev=console
            -chardev socket,id=agent,path=/data/m/run/agent,server=on,wait=off
            -device virtserialport,chardev=agent,name=org.wisp.agent
            -blockdev driver=null-co,node-name=nothing,size=4096,read-zeroes=on
            -blockdev driver=raw,node-name=root,file=nothing,read-only=on
            -device virtio-blk-device,drive=root,serial=root
            -device virtio-rng-device
            -netdev tap,id=net,fd=100
            -device virtio-net-device,netdev=net,mac=12:b0:0a:40:00:02
            """,
            Text(Build("tcg", 2_500_000, Boot with { Mac = "12:b0:0a:40:00:02" })));

    [Fact]
    public void Hardware_virtualisation_uses_the_hosts_processor_and_its_clock()
    {
        var line = Text(Build("kvm", 2_500_000, Boot));
        Assert.Contains("-accel kvm\n-cpu host\n", line, StringComparison.Ordinal);
        Assert.DoesNotContain("tsc", line, StringComparison.Ordinal);
        Assert.DoesNotContain("mitigations", line, StringComparison.Ordinal);
    }

    /// <summary>What is captured with one and restored into the other is the same devices in the same order.</summary>
    [Theory]
    [InlineData("tcg")]
    [InlineData("kvm")]
    public void One_that_waits_for_a_captured_state_differs_in_nothing_but_what_it_boots(string accelerator)
    {
        var boots = Build(accelerator, null, Boot with { Mac = "12:b0:0a:40:00:02" }).ToList();
        var waits = Build(accelerator, null, null).ToList();
        var kernel = boots.IndexOf("-kernel");
        boots.RemoveRange(kernel, boots.IndexOf("-S") - kernel);
        waits.RemoveRange(waits.IndexOf("-incoming"), 2);
        Assert.Equal(boots.Select(word => word.Replace(",mac=12:b0:0a:40:00:02", "", StringComparison.Ordinal)), waits);
    }

    [Fact]
    public void A_machine_without_an_interface_has_one_that_leads_nowhere_and_no_address_for_it() =>
        Assert.EndsWith("-device virtio-net-device,netdev=net", Text(Build("tcg", null, Boot)), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_clock_is_left_to_the_guest() =>
        Assert.DoesNotContain("tsc_early_khz", Text(Build("tcg", null, Boot)), StringComparison.Ordinal);

    /// <summary>QEMU reads a comma in a value as its end unless it is doubled.</summary>
    [Fact]
    public void A_comma_in_a_path_stays_in_the_path()
    {
        var line = QemuCommandLine.Build("qemu", Specifications.Id, Shape, new VmmFiles("/a,b/m"), "tcg", null, null);
        Assert.Contains(line, word => word.Contains("path=/a,,b/m/run/qmp,server", StringComparison.Ordinal));
        Assert.Contains(line, word => word.Contains("path=/a,,b/m/run/agent,server", StringComparison.Ordinal));
        Assert.Contains(line, word => word.Contains("path=/a,,b/m/kernel.log,append", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Build(string accelerator, long? tscKhz, VmmBoot? boot) =>
        QemuCommandLine.Build("/usr/bin/qemu", Specifications.Id, Shape, new VmmFiles("/data/m"), accelerator, tscKhz, boot);

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
