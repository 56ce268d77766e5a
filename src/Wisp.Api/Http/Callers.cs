using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Wisp.Platform;
using Wisp.Platform.Accounts;

namespace Wisp.Api.Http;

/// <summary>Who sent a request, and the platform as they see it.</summary>
internal static class Callers
{
    /// <summary>Notes who sent it.</summary>
    public static void Set(HttpContext context, Caller caller, AccountRooms rooms) => context.Features.Set(new Known(caller, rooms));

    /// <summary>Who sent it; null where no token is asked for.</summary>
    public static Caller? Find(HttpContext context) => context.Features.Get<Known>()?.Caller;

    /// <summary>Who sent it.</summary>
    public static Caller Caller(this HttpContext context) => context.Features.GetRequiredFeature<Known>().Caller;

    /// <summary>The platform as its sender sees it. There is no other way to it, so that none leads past the account.</summary>
    public static AccountRooms Rooms(this HttpContext context) => context.Features.GetRequiredFeature<Known>().Rooms;

    private sealed record Known(Caller Caller, AccountRooms Rooms);
}
