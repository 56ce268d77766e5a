using Wisp.Platform.Audit;
using Wisp.Platform.Forks;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;

namespace Wisp.Platform;

/// <summary>Passes on what instances do to whoever makes something of it.</summary>
internal sealed class InstanceEvents(ForkService forks, ForkFamilies families, GuestTemplates templates, AutokillClock clock, AuditLog audit, StateSignal scaling, BackgroundWork work) : IInstanceEvents
{
    public void Created(InstanceSupervisor instance) => audit.Created(instance.Record);

    public void Annotated(InstanceSupervisor instance, IReadOnlyDictionary<string, string>? before) => audit.Annotated(instance.Record, before);

    public void Moved(InstanceSupervisor instance, InstanceState previous, InstanceState state) => audit.Moved(instance.Record, previous, state);

    public void StartFailed(InstanceSupervisor instance, WispError error) => audit.StartFailed(instance.Record, instance.State, error);

    public void Changed(InstanceSupervisor instance, InstanceState state)
    {
        families.Changed(instance, state);
        if (instance.Record.IsAutoscaled && state is InstanceState.Stopped or InstanceState.Running)
        {
            scaling.Raise();
        }

        if (state == InstanceState.Deleted)
        {
            forks.Forget(instance.Record.Uuid);
            if (instance.Record.IsAutoscaled)
            {
                // The template that it was made of may be in use no more.
                clock.Look();
            }
        }
        else if (state == InstanceState.Stopped && instance.Record.Autokill is not null)
        {
            clock.Look();
        }
    }

    public void ForkRequested(InstanceSupervisor instance, uint ticket) => forks.Request(instance, ticket);

    public void TemplateRequested(InstanceSupervisor instance, uint ticket) => work.Begin(() => templates.MakeAsync(instance, ticket));
}
