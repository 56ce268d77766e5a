using Wisp.Gateway.Listening;

namespace Wisp.Gateway;

/// <summary>How many connections clients may have open at once, as far as the files go that this process may open (RLIMIT_NOFILE).</summary>
public static class ClientConnections
{
    /// <summary>What is usual: a quarter, each taking two while it is forwarded; with what UDP may take, a quarter is left.</summary>
    public static int Usual => Quarters(1);

    /// <summary>What can be asked for: three quarters. Who knows that most are silent, which take one each, can have more than is usual.</summary>
    public static int Most => Quarters(3);

    /// <summary>How many the API has open at most, and as many that were upgraded: a sixteenth, and no more than it could serve.</summary>
    public static int OfApi => Math.Clamp(Usual / 4, 1, 4096);

    private static int Quarters(ulong count) => (int)Math.Clamp(Descriptors.Limit / 4 * count, 1, int.MaxValue);
}
