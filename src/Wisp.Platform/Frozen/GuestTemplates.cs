using Microsoft.Extensions.Logging;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;

namespace Wisp.Platform.Frozen;

/// <summary>Makes templates of instances whose applications ask for it. What was asked returns in each clone, and here only when it fails.</summary>
internal sealed class GuestTemplates(TemplateMaker templates, Action changed, ILogger logger)
{
    private const int InputOutputError = 5;

    /// <summary>Makes one.</summary>
    public async Task MakeAsync(InstanceSupervisor instance, uint ticket)
    {
        if (!(await templates.MakeAsync(instance, ticket, null)).Failed(out var error, out _))
        {
            changed();
            return;
        }

        logger.Trouble(instance.Record.Name, instance.Record.Uuid, "making a template of it, as its application asked", error);
        await instance.TellAsync(new GuestNews.NoTemplate(ticket, InputOutputError));
    }
}
