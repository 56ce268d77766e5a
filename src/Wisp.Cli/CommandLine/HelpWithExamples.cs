using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Wisp.Cli.CommandLine;

/// <summary>The library's help, then the command's examples, then, for the root, what exit codes and variables mean.</summary>
internal sealed class HelpWithExamples(int width) : SynchronousCommandLineAction
{
    private const string Footer = """

        Exit codes:
          0  done            2  wrong usage     4    not authorised
          1  failed          3  not found       124  timed out

        Environment:
          WISP_DATA_DIR                  the node's data directory
          WISP_ENDPOINT and WISP_TOKEN   talk to this server instead of the one that serves the data directory
          UKC_METRO and UKC_TOKEN        the same, as others call it; UKC_ALLOW_INSECURE=true accepts any certificate
          WISP_PROFILE and WISP_CONFIG   the profile, and the configuration file (default ~/.config/wisp/config.yaml)
          WISP_LOG_LEVEL, WISP_LOG_TYPE  how much a command says of itself (warn), and in which form (text)
          WISP_DAEMON                    the wispd to start (wispd or wispd.dll)
          WISP_CACHE_DIR                 kernels, base images and build layers (default /var/cache/wisp)
          WISP_DEBUG=1                   show where an unforeseen error came from
          NO_COLOR                       no colours
        """;

    private readonly HelpAction _inner = new() { MaxWidth = width };

    public override int Invoke(ParseResult parsed)
    {
        var code = _inner.Invoke(parsed);
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.CommandResult.Command is Verb { Examples: { Count: > 0 } examples })
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine("  " + example);
            }
        }
        else if (parsed.CommandResult.Command is RootCommand)
        {
            output.WriteLine("Examples:");
            output.WriteLine("  wisp demo");
            output.WriteLine("  wisp run ./shop -n shop -p 8080:80");
            output.WriteLine("  wisp instances list");
            output.WriteLine(Footer);
        }

        return code;
    }
}
