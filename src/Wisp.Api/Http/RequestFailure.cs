using Microsoft.AspNetCore.Http;

namespace Wisp.Api.Http;

/// <summary>A request that failed as a whole, thrown to the one place that answers it.</summary>
internal sealed class RequestFailure(int status, WispError error) : Exception(error.Message)
{
    public int Status => status;

    public WispError Error => error;

    public static RequestFailure Malformed(string message, string? nextStep = null) =>
        new(StatusCodes.Status400BadRequest, new WispError(ErrorCode.Malformed, message, nextStep));

    public static RequestFailure Unknown(string member) =>
        new(StatusCodes.Status400BadRequest, new WispError(ErrorCode.UnknownMember, $"Unknown member '{member}'"));

    public static RequestFailure Invalid(string message, string? nextStep = null) =>
        new(StatusCodes.Status400BadRequest, new WispError(ErrorCode.InvalidValue, message, nextStep));

    public static RequestFailure Of(WispError error) => new(StatusCodes.Status400BadRequest, error);
}
