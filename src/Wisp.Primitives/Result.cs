using System.Diagnostics.CodeAnalysis;

namespace Wisp;

/// <summary>Success without a value, or an error.</summary>
public readonly struct Result
{
    private Result(WispError? error) => Error = error;

    /// <summary>The error, or null on success.</summary>
    public WispError? Error { get; }

    /// <summary>True when there is no error.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>Success.</summary>
    public static Result Success => default;

    /// <summary>True, with the error, when the operation failed.</summary>
    public bool Failed([NotNullWhen(true)] out WispError? error)
    {
        error = Error;
        return error is not null;
    }

    /// <summary>A failure.</summary>
    public static implicit operator Result(WispError error) => new(error);
}

/// <summary>A value, or an error.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, WispError? error) => (_value, Error) = (value, error);

    /// <summary>The error, or null on success.</summary>
    public WispError? Error { get; }

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>The value; asking a failed result for it is a programmer's error and throws.</summary>
    /// <exception cref="InvalidOperationException">The result is a failure.</exception>
    public T Value => Error is null ? _value! : throw new InvalidOperationException($"No value: {Error}");

    /// <summary>True, with the error, when the operation failed; otherwise the value.</summary>
    public bool Failed([NotNullWhen(true)] out WispError? error, [MaybeNullWhen(true)] out T value)
    {
        error = Error;
        value = _value;
        return error is not null;
    }

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static implicit operator Result<T>(WispError error) => new(default, error);
}
