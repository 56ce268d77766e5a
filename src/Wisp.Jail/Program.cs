using Wisp.Jail;

// First stage, as root: tap, control groups, namespaces. Second stage ("enter", process 1 of the new pid namespace): root
// filesystem, privileges, exec. Two, because a new pid namespace begins with a child.
try
{
    if (args is ["enter", .. var rest])
    {
        SecondStage.Run(JailOptions.Parse(rest));
    }

    Console.Out.WriteLine(FirstStage.Run(JailOptions.Parse(args), args));
    return 0;
}
catch (Exception exception) when (exception is JailException or FormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine("wisp-jail: " + exception.Message);
    return 1;
}
