using Wisp.GuestProtocol;
using Wisp.Platform.Forks;

namespace Wisp.Platform.Tests.Forks;

public sealed class ForkNewsTests
{
    private static readonly Guid First = Guid.NewGuid();
    private static readonly Guid Second = Guid.NewGuid();

    [Fact]
    public void Everything_is_told_in_order_by_one_at_a_time()
    {
        var news = new ForkNews(1);
        Assert.False(news.TryServe());
        news.Add(Child(First, "Starting"));
        Assert.True(news.TryServe());
        Assert.False(news.Served.IsCompleted);
        news.Add(Child(First, "Running"));
        Assert.False(news.TryServe());
        Assert.Equal("Starting", news.Next()?.Status);
        news.Told();
        Assert.Equal("Running", news.Next()?.Status);
        news.Told();
        Assert.Null(news.Next());
        Assert.True(news.Served.IsCompleted);
    }

    [Fact]
    public void Of_each_child_the_last_word_waits_for_a_parent_that_cannot_hear()
    {
        var news = new ForkNews(1);
        foreach (var child in (ForkChild[])[Child(First, "Running"), Child(Second, "Running"), Child(First, "Stopped"), Child(First, "Deleted")])
        {
            news.Add(child);
        }

        Assert.True(news.TryServe());
        Assert.True(news.TryRest());
        Assert.True(news.Served.IsCompleted);
        Assert.True(news.TryServe());
        Assert.Equal((Second, "Running"), (news.Next()!.Uuid, news.Next()!.Status));
        news.Told();
        Assert.Equal((First, "Deleted"), (news.Next()!.Uuid, news.Next()!.Status));
    }

    [Fact]
    public void Whoever_finds_that_it_cannot_be_told_tries_again_when_another_would_have_told_it_meanwhile()
    {
        var news = new ForkNews(1);
        news.Add(Child(First, "Running"));
        Assert.True(news.TryServe());
        Assert.NotNull(news.Next());
        // It wakes just after that failed, and before this is known.
        Assert.False(news.TryServe());
        Assert.False(news.TryRest());
        Assert.NotNull(news.Next());
        Assert.True(news.TryRest());
        Assert.True(news.TryServe());
    }

    private static ForkChild Child(Guid uuid, string status) => new() { Uuid = uuid, Status = status };
}
