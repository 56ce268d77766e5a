using Wisp.Cli;
using Wisp.Cli.CommandLine;

return await CommandTree.RunAsync(args, Shell.OfProcess());
