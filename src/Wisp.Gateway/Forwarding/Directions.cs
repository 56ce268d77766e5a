namespace Wisp.Gateway.Forwarding;

/// <summary>The two directions of a connection.</summary>
internal static class Directions
{
    /// <summary>Waits for both. One that breaks ends both; one that comes to its end leaves the other alone.</summary>
    public static async Task BothAsync(Task one, Task other)
    {
        await await Task.WhenAny(one, other);
        await Task.WhenAll(one, other);
    }
}
