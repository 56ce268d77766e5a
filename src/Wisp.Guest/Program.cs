using System.Text;
using Wisp.Guest;
using Wisp.Guest.Agent;
using Wisp.Guest.Boot;
using Wisp.Guest.Entrypoint;
using Wisp.Guest.Native;

if (args is ["exec"])
{
    return SecondStage.Run();
}

if (Environment.ProcessId != 1)
{
    Say("wisp-init is the first process of a Wisp guest; it does nothing elsewhere.");
    return 2;
}

RootFilesystem.MountKernel("");
// Keeps descriptors 0 to 9 taken: see Application.
while (Libc.open("/dev/null", Libc.ReadOnly | Libc.CloseOnExec, 0) is >= 0 and < 9)
{
}

var self = Libc.open("/proc/self/exe", Libc.ReadOnly | Libc.CloseOnExec, 0);
if (RootFilesystem.Switch("/dev/vda") is { } failed)
{
    return Halt(failed);
}

if (AgentPort.Await() is not { } agent)
{
    return Halt("there is no agent port");
}

new Init(self, agent, new ConsolePort()).Run();
Libc.sync();
Restart();
return 0;

// On the serial console, which the host keeps as the kernel's log.
static int Halt(string reason)
{
    Say("wisp-init: " + reason);
    Restart();
    return 1;
}

// Not Console, which brings a database of terminals with it.
static void Say(string line) => Descriptor.Write(2, Encoding.UTF8.GetBytes(line + "\n"));

static void Restart()
{
    const int restart = 0x01234567;
    // The VMM runs with -no-reboot: a restart ends it. (A power-off needs an ACPI path that a microVM does not have.)
    _ = Libc.reboot(restart);
}
