using System.Globalization;
using Wisp.Jail;

// First stage, as root: tap, control groups, namespaces. Second stage ("enter", process 1 of the new pid namespace): root
// filesystem, privileges, exec. Two, because a new pid namespace begins with a child.
try
{
    if (args is ["enter", .. var rest])
    {
        SecondStage.Run(JailOptions.Parse(rest));
    }

    Libc.Leave(0, FirstStage.Run(JailOptions.Parse(args), args).ToString(CultureInfo.InvariantCulture));
}
catch (Exception exception) when (exception is JailException or FormatException or IOException or UnauthorizedAccessException)
{
    Libc.Leave(1, "wisp-jail: " + exception.Message);
}
