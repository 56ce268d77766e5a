namespace Wisp.Primitives.Tests;

public sealed class ResultTests
{
    private static readonly WispError Error = new(ErrorCode.NotFound, "No instance 'x'.", "See 'wisp instances list'.");

    [Fact]
    public void A_value_is_a_success()
    {
        Result<int> result = 7;
        Assert.True(result.IsSuccess);
        Assert.False(result.Failed(out var error, out var value));
        Assert.Null(error);
        Assert.Equal(7, value);
    }

    [Fact]
    public void An_error_is_a_failure()
    {
        Result<int> result = Error;
        Assert.False(result.IsSuccess);
        Assert.True(result.Failed(out var error, out _));
        Assert.Same(Error, error);
    }

    [Fact]
    public void Asking_a_failure_for_its_value_throws_with_the_reason()
    {
        Result<int> result = Error;
        Assert.Contains("No instance 'x'", Assert.Throws<InvalidOperationException>(() => result.Value).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_without_value_fails_only_with_an_error()
    {
        Result failure = Error;
        Assert.True(Result.Success.IsSuccess);
        Assert.False(Result.Success.Failed(out _));
        Assert.True(failure.Failed(out var error));
        Assert.Same(Error, error);
    }

    [Fact]
    public void An_error_reads_as_what_happened_and_what_to_do()
    {
        Assert.Equal("No instance 'x'. See 'wisp instances list'.", Error.ToString());
        Assert.Equal("Gone.", new WispError(ErrorCode.NotFound, "Gone.").ToString());
    }
}
