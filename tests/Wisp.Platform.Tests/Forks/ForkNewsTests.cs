using Wisp.GuestProtocol;
using Wisp.Platform.Forks;

namespace Wisp.Platform.Tests.Forks;

public sealed class ForkNewsTests
{
    [Fact]
    public void Whoever_finds_that_it_cannot_be_told_tries_again_when_another_would_have_told_it_meanwhile()
    {
        var news = new ForkNews(1);
        news.Add(Child("Running"));
        Assert.True(news.TryServe());
        Assert.NotNull(news.Next());
        // It wakes just after that failed, and before this is known.
        Assert.False(news.TryServe());
        Assert.False(news.TryRest());
        Assert.NotNull(news.Next());
        Assert.True(news.TryRest());
        Assert.True(news.TryServe());
    }

    [Fact]
    public void Of_each_child_the_last_word_is_kept()
    {
        var news = new ForkNews(1);
        news.Add(Child("Starting"));
        Assert.True(news.TryServe());
        news.Add(Child("Running"));
        Assert.True(news.TryRest());
        Assert.True(news.TryServe());
        Assert.Equal("Running", news.Next()?.Status);
        news.Told();
        Assert.Null(news.Next());
    }

    private static ForkChild Child(string status) => new() { Uuid = Guid.Empty, Snapshot = "", CreationTime = "", Status = status };
}
