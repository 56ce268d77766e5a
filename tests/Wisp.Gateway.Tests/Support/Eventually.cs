namespace Wisp.Gateway.Tests.Support;

/// <summary>Waits for what has no event of its own; the test's cancellation is the only limit.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
