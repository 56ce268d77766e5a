using Wisp.Platform.Forks;

namespace Wisp.Platform.Tests.Forks;

public sealed class ForkQueueTests
{
    [Fact]
    public void The_first_is_served_and_the_others_wait_in_order()
    {
        var queue = new ForkQueue();
        Assert.Equal([ForkPlace.First, ForkPlace.Waiting, ForkPlace.Waiting, ForkPlace.Full], new[] { 1u, 2u, 3u, 4u }.Select(ticket => queue.Enter(ticket, most: 2)));
        Assert.Equal(1u, queue.Next());
        Assert.Equal(ForkPlace.Waiting, queue.Enter(1, most: 2));
        queue.Leave();
        Assert.Equal(2u, queue.Next());
        queue.Leave();
        queue.Leave();
        // Between the last answer and the look at the queue, nobody else begins to serve.
        Assert.Equal(ForkPlace.Waiting, queue.Enter(5, most: 2));
        Assert.Equal(5u, queue.Next());
        queue.Leave();
        Assert.Null(queue.Next());
        Assert.Equal(ForkPlace.First, queue.Enter(6, most: 2));
    }
}
