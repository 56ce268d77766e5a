using System.CommandLine;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Progress;
using Wisp.Images;

namespace Wisp.Cli.Commands;

/// <summary><c>wisp build</c>.</summary>
internal static class BuildCommand
{
    public static Verb Create(Shell shell, string command = "wisp build")
    {
        var directory = new Argument<string>("dir") { Description = "The directory with the Dockerfile.", DefaultValueFactory = _ => "." };
        var tag = new Option<string>("-t", "--tag") { Description = "Name of the image, with or without :tag; the directory's name when not given.", HelpName = "NAME" };
        var file = new Option<string>("-f", "--file") { Description = "The Dockerfile, when it is not DIR/Dockerfile or DIR/Containerfile.", HelpName = "FILE" };
        var arguments = new Option<string[]>("--build-arg") { Description = "A value for an ARG; without a value it is taken from the environment.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
        var target = new Option<string>("--target") { Description = "The stage to stop at.", HelpName = "STAGE" };
        var noCache = new Option<bool>("--no-cache") { Description = "Build every step anew." };
        return new Verb(
            "build", "Build a directory with a Dockerfile into an image of this node.",
            $"sudo {command} . -t shop", $"sudo {command} ./api -t acme/api:v2 --build-arg VERSION=2 --target runtime")
        {
            directory, tag, file, arguments, target, noCache,
        }.Runs(shell, async call =>
        {
            if (NamedValues.Parse(call.Get(arguments)!, shell.Variable).Failed(out var error, out var values))
            {
                return error;
            }

            var request = new BuildRequest(call.Get(directory), call.Get(tag))
            {
                Dockerfile = call.Get(file), BuildArguments = values, Target = call.Get(target), NoCache = call.Get(noCache),
            };
            if ((await ImageBuild.RunAsync(call, request)).Failed(out error, out var summary))
            {
                return error;
            }

            call.Print.One(summary, Resources.Node.Build, CliJson.Default.BuildSummary);
            return ExitCode.Ok;
        });
    }
}
