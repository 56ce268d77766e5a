using Wisp.Platform.Instances;
using Wisp.Platform.Schedules;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Schedules;

/// <summary>An instance with schedules, and the clock that they go by.</summary>
internal static class Scheduled
{
    public static readonly ResourceRef Web = ResourceRef.To("web");
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<Result<IReadOnlyList<InstanceView>>> CreateAsync(TestNode node, params IReadOnlyList<Schedule> schedules) =>
        node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Schedules = schedules }, Cancel);

    public static DateTimeOffset? NextAt(TestNode node, string schedule) => node.Find("web").Schedules.Single(one => one.Name == schedule).NextAt;

    // Moves the clock, and then lets everything run until something is so. Whoever read the clock before it moved and sets its timer only now
    // is given some more time now and then; not so much that it comes near to the next time of a schedule while a disk is slow.
    public static async Task AdvanceToAsync(TestNode node, DateTimeOffset at, Func<bool>? condition = null)
    {
        await SettleAsync();
        node.Time.Advance(at - node.Time.GetUtcNow());
        await SettleAsync();
        while (condition?.Invoke() == false)
        {
            for (var turn = 0; turn < 100 && !condition(); turn++)
            {
                Cancel.ThrowIfCancellationRequested();
                await SettleAsync();
            }

            node.Time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    // Whatever could go on by itself has gone on.
    public static async Task SettleAsync()
    {
        for (var turn = 0; turn < 200; turn++)
        {
            await Task.Yield();
        }
    }
}
