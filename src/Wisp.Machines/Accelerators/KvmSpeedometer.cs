using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Wisp.Machines.Accelerators;

/// <summary>Runs a counting loop of two instructions in a KVM guest of one page, and takes the time (KVM API, linux/kvm.h).</summary>
public static unsafe partial class KvmSpeedometer
{
    private const nuint CreateVm = 0xAE01, CreateVcpu = 0xAE41, RunVcpu = 0xAE80, MmapSize = 0xAE04;
    private const nuint SetMemory = 0x4020AE46, GetSegments = 0x8138AE83, SetSegments = 0x4138AE84, SetRegisters = 0x4090AE82;
    private const int ReadWrite = 2, CloseOnExec = 0x80000, Shared = 1, PrivateAnonymous = 0x22, ProtectReadWrite = 3;
    private const uint ExitHlt = 5;
    private const uint Rounds = 20_000;

    // dec ecx; jnz back; hlt — in 16-bit mode.
    private static ReadOnlySpan<byte> Loop => [0x66, 0x49, 0x75, 0xFC, 0xF4];

    /// <summary>Measures; never throws and never hangs for long.</summary>
    public static KvmMeasurement Measure() => Measure("/dev/kvm");

    internal static KvmMeasurement Measure(string device)
    {
        if (!File.Exists(device))
        {
            return new KvmMeasurement(0, $"{device} does not exist");
        }

        // A guest that never halts would hold its thread for ever; the thread is then left behind, and KVM is out.
        var outcome = new KvmMeasurement(0, "a loop of 40000 instructions did not end within 3 s");
        var thread = new Thread(() => outcome = Run(device)) { IsBackground = true };
        thread.Start();
        return thread.Join(TimeSpan.FromSeconds(3)) ? outcome : new KvmMeasurement(0, "a loop of 40000 instructions did not end within 3 s");
    }

    private static KvmMeasurement Run(string device)
    {
        var kvm = open(device, ReadWrite | CloseOnExec);
        if (kvm < 0)
        {
            return new KvmMeasurement(0, $"{device} cannot be opened (errno {Marshal.GetLastPInvokeError()})");
        }

        var (vm, vcpu) = (-1, -1);
        try
        {
            vm = ioctl(kvm, CreateVm, null);
            if (vm < 0)
            {
                return new KvmMeasurement(0, $"no VM can be created (errno {Marshal.GetLastPInvokeError()})");
            }

            var memory = (byte*)mmap(null, 4096, ProtectReadWrite, PrivateAnonymous, -1, 0);
            Loop.CopyTo(new Span<byte>(memory, 4096));
            // struct kvm_userspace_memory_region: slot, flags, guest address, size, our address.
            var region = stackalloc ulong[] { 0, 0, 4096, (ulong)memory };
            // SAFETY: every structure below has the size of its ioctl and lives through the call; the page stays mapped while the VM lives.
            vcpu = ioctl(vm, SetMemory, region) < 0 ? -1 : ioctl(vm, CreateVcpu, null);
            var size = ioctl(kvm, MmapSize, null);
            if (vcpu < 0 || size < 4096)
            {
                return new KvmMeasurement(0, $"no virtual CPU can be created (errno {Marshal.GetLastPInvokeError()})");
            }

            var run = (uint*)mmap(null, (nuint)size, ProtectReadWrite, Shared, vcpu, 0);
            // struct kvm_sregs is 312 bytes and begins with the code segment: base (8 bytes), limit, selector (at 12).
            var segments = stackalloc byte[312];
            _ = ioctl(vcpu, GetSegments, segments);
            *(ulong*)segments = 0;
            *(ushort*)(segments + 12) = 0;
            _ = ioctl(vcpu, SetSegments, segments);
            // struct kvm_regs: rax rbx rcx rdx rsi rdi rsp rbp r8-r15 rip rflags.
            var registers = stackalloc ulong[18];
            new Span<ulong>(registers, 18).Clear();
            registers[2] = Rounds;
            registers[17] = 2;
            _ = ioctl(vcpu, SetRegisters, registers);
            var from = Stopwatch.GetTimestamp();
            var answer = ioctl(vcpu, RunVcpu, null);
            var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
            // exit_reason is at offset 8 of struct kvm_run.
            var reason = run[2];
            _ = munmap(run, (nuint)size);
            _ = munmap(memory, 4096);
            return answer == 0 && reason == ExitHlt
                ? new KvmMeasurement(2 * Rounds / seconds, null)
                : new KvmMeasurement(0, $"the guest did not run (exit reason {reason})");
        }
        finally
        {
            foreach (var fd in (int[])[vcpu, vm, kvm])
            {
                if (fd >= 0)
                {
                    _ = close(fd);
                }
            }
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* address, nuint length);
}
