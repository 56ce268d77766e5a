using Wisp.State.Tests.Support;
using Xunit.Runner.InProc.SystemConsole;

return args is [StateWriter.Command, var path] ? await StateWriter.RunAsync(path) : await ConsoleRunner.Run(args);
