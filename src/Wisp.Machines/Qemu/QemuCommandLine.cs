using System.Globalization;
using Wisp.GuestProtocol;
using Wisp.Machines.Qemu.Vmms;

namespace Wisp.Machines.Qemu;

/// <summary>
/// The VMM's command line. Pure. It says nothing of what the VMM will be given later: RAM's content, disk, tap and console are attached
/// (<see cref="Attachment"/>), so that a VMM can be there before its guest.
/// </summary>
internal static class QemuCommandLine
{
    /// <summary>Raised whenever the devices below or their order change: what was captured with others cannot be restored.</summary>
    public const int DeviceModel = 1;

    /// <summary>Name of the block node that the guest's disk is read from.</summary>
    public const string RootNode = "root";

    // Translated code of TCG; QEMU's own default is an eighth of host memory.
    private const int TranslationCacheMib = 128;

    /// <summary>What the VMM itself needs besides guest RAM, in MiB: its heap, device buffers and, under TCG, translated code.</summary>
    public const int OverheadMib = 128 + TranslationCacheMib;

    /// <summary>Builds it.</summary>
    /// <param name="program">Path of QEMU.</param>
    /// <param name="id">The VMM.</param>
    /// <param name="shape">What it has.</param>
    /// <param name="files">Its files.</param>
    /// <param name="accelerator"><c>kvm</c> or <c>tcg</c>.</param>
    /// <param name="tscKhz">The host's TSC frequency, or null when unknown.</param>
    /// <param name="boot">What it boots, or null when it waits for a captured state.</param>
    public static IReadOnlyList<string> Build(
        string program, Guid id, VmmShape shape, VmmFiles files, string accelerator, long? tscKhz, VmmBoot? boot)
    {
        var memory = shape.MemoryMib.ToString(CultureInfo.InvariantCulture);
        return
        [
            program,
            "-name", id.ToString(),
            "-M", "microvm,isa-serial=on,rtc=on,pit=off,pic=off,memory-backend=ram,suppress-vmdesc=on",
            "-accel", accelerator == "kvm" ? "kvm" : $"tcg,tb-size={TranslationCacheMib},thread=multi",
            "-cpu", CpuModel(accelerator),
            "-m", memory + "M",
            "-smp", shape.Vcpus.ToString(CultureInfo.InvariantCulture),
            // Not a file: see wisp-preload.
            "-object", $"memory-backend-file,id=ram,size={memory}M,share=off,mem-path=/wisp/ram",
            "-nodefaults", "-no-user-config", "-nographic", "-no-reboot",
            "-global", "migration.send-configuration=off",
            "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
            "-chardev", $"socket,id=qmp,path={Value(files.QmpSocket)},server=on,wait=off", "-mon", "chardev=qmp,mode=control",
            .. boot is null
                ? (string[])["-incoming", "defer"]
                : ["-kernel", boot.Kernel, "-initrd", boot.Initramfs, "-append", KernelCommandLine(accelerator, tscKhz)],
            "-S",
            // Kernel messages: needs no module in the guest, so that it hears a guest that dies early.
            "-chardev", $"file,id=kernel,path={Value(files.KernelLog)},append=on", "-serial", "chardev:kernel",
            "-device", "virtio-serial-device",
            "-chardev", "file,id=console,path=/wisp/console", "-device", "virtconsole,chardev=console",
            "-chardev", $"socket,id=agent,path={Value(files.AgentSocket)},server=on,wait=off", "-device", $"virtserialport,chardev=agent,name={AgentFrame.PortName}",
            "-blockdev", "driver=null-co,node-name=nothing,size=4096,read-zeroes=on",
            "-blockdev", $"driver=raw,node-name={RootNode},file=nothing,read-only=on", "-device", $"virtio-blk-device,drive={RootNode},serial=root",
            "-device", "virtio-rng-device",
            "-netdev", $"tap,id=net,fd={Attachment.TapPlace.ToString(CultureInfo.InvariantCulture)}",
            "-device", "virtio-net-device,netdev=net" + (boot?.Mac is { } mac ? ",mac=" + mac : ""),
        ];
    }

    /// <summary>The CPU model that guests see.</summary>
    public static string CpuModel(string accelerator) => accelerator == "kvm" ? "host" : "max";

    // A comma ends a value unless it is doubled.
    private static string Value(string path) => path.Replace(",", ",,", StringComparison.Ordinal);

    private static string KernelCommandLine(string accelerator, long? tscKhz)
    {
        // A guest has lo and eth0; a dummy is made when somebody asks for one.
        List<string> words = ["dummy.numdummies=0", "console=ttyS0", "quiet", "loglevel=3", "panic=-1", "reboot=t", "random.trust_cpu=on", "8250.nr_uarts=1"];
        if (accelerator == "tcg")
        {
            // Without these a TCG guest now and then hangs while it measures its own clock.
            words.AddRange(["tsc=reliable", "no_timer_check", "mitigations=off"]);
            if (tscKhz is { } khz)
            {
                words.Add($"tsc_early_khz={khz.ToString(CultureInfo.InvariantCulture)}");
            }
        }

        return string.Join(' ', words);
    }
}
