using System.Globalization;
using Wisp.GuestProtocol;

namespace Wisp.Machines.Qemu;

/// <summary>The VMM's command line. Pure.</summary>
internal static class QemuCommandLine
{
    // Translated code of TCG; QEMU's own default is an eighth of host memory.
    private const int TranslationCacheMib = 128;

    /// <summary>What the VMM itself needs besides guest RAM, in MiB: its heap, device buffers and, under TCG, translated code.</summary>
    public const int OverheadMib = 128 + TranslationCacheMib;

    /// <summary>Builds it.</summary>
    /// <param name="program">Path of QEMU.</param>
    /// <param name="specification">The machine.</param>
    /// <param name="files">Its files.</param>
    /// <param name="memoryFile">Its RAM file.</param>
    /// <param name="accelerator"><c>kvm</c> or <c>tcg</c>.</param>
    /// <param name="tscKhz">The host's TSC frequency, or null when unknown.</param>
    /// <param name="tapDescriptor">Descriptor at which the tap is inherited.</param>
    public static IReadOnlyList<string> Build(
        string program, MachineSpecification specification, MachineFiles files, string memoryFile, string accelerator, long? tscKhz,
        int tapDescriptor)
    {
        var memory = specification.MemoryMib.ToString(CultureInfo.InvariantCulture);
        List<string> line =
        [
            program,
            "-name", specification.Id.ToString(),
            "-M", "microvm,isa-serial=on,rtc=on,pit=off,pic=off,memory-backend=ram,suppress-vmdesc=on",
            "-accel", accelerator == "kvm" ? "kvm" : $"tcg,tb-size={TranslationCacheMib},thread=multi",
            "-cpu", accelerator == "kvm" ? "host" : "max",
            "-m", memory + "M",
            "-smp", specification.Vcpus.ToString(CultureInfo.InvariantCulture),
            // A file that we own: snapshots, clones and migration are then operations on it.
            "-object", $"memory-backend-file,id=ram,size={memory}M,share=on,mem-path={Value(memoryFile)}",
            "-nodefaults", "-no-user-config", "-nographic", "-no-reboot",
            "-global", "migration.send-configuration=off",
            "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
            "-chardev", $"socket,id=qmp,path={Value(files.QmpSocket)},server=on,wait=off", "-mon", "chardev=qmp,mode=control",
            "-kernel", specification.Kernel,
            "-initrd", specification.Initramfs,
            "-append", KernelCommandLine(accelerator, tscKhz),
            // Kernel messages: needs no module in the guest, so that it hears a guest that dies early.
            "-chardev", $"file,id=kernel,path={Value(files.KernelLog)},append=on", "-serial", "chardev:kernel",
            "-device", "virtio-serial-device",
            "-chardev", $"file,id=console,path={Value(files.Console)},append=on", "-device", "virtconsole,chardev=console",
            "-chardev", $"socket,id=agent,path={Value(files.AgentSocket)},server=on,wait=off", "-device", $"virtserialport,chardev=agent,name={AgentFrame.PortName}",
            "-drive", $"if=none,id=root,file={Value(specification.RootFilesystem)},format=raw,readonly=on,cache=unsafe,file.locking=off", "-device", "virtio-blk-device,drive=root,serial=root",
            "-device", "virtio-rng-device",
        ];
        if (specification.Interface is { } network)
        {
            line.AddRange(["-netdev", $"tap,id=net,fd={tapDescriptor}", "-device", $"virtio-net-device,netdev=net,mac={network.Mac}"]);
        }

        return line;
    }

    // A comma ends a value unless it is doubled.
    private static string Value(string path) => path.Replace(",", ",,", StringComparison.Ordinal);

    private static string KernelCommandLine(string accelerator, long? tscKhz)
    {
        List<string> words = ["console=ttyS0", "quiet", "loglevel=3", "panic=-1", "reboot=t", "random.trust_cpu=on", "8250.nr_uarts=1"];
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
