using Wisp.Certificates;
using Wisp.Images;
using Wisp.Platform;

namespace Wisp.Api;

/// <summary>What the API speaks for.</summary>
/// <param name="Platform">Everything that belongs to accounts, and the accounts.</param>
/// <param name="Images">Images, which are the node's.</param>
/// <param name="Authority">Issues certificates for domains that have none of their own.</param>
/// <param name="Time">The clock.</param>
public sealed record ApiRooms(WispPlatform Platform, IImageStore Images, LocalAuthority Authority, TimeProvider Time);
