using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Wisp.Api.Http;

namespace Wisp.Api;

/// <summary>What a listener of the API needs.</summary>
public static class WispListening
{
    /// <summary>Has answered in an envelope also what the server refuses before the API sees it.</summary>
    /// <param name="listen">The listener.</param>
    public static void UseEnvelopes(this ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Transport = new Transport(connection.Transport.Input, new BareRefusals(connection.Transport.Output));
        return next(connection);
    });

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
