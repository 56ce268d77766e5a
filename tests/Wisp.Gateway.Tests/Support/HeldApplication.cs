namespace Wisp.Gateway.Tests.Support;

/// <summary>An application that counts its requests and answers none before it is told to.</summary>
internal sealed class HeldApplication : IAsyncDisposable
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Application? _application;
    private int _arrived;

    public int Arrived => Volatile.Read(ref _arrived);

    public int Port => _application!.Port;

    public static async Task<HeldApplication> StartAsync()
    {
        var held = new HeldApplication();
        held._application = await Application.StartAsync(async _ =>
        {
            Interlocked.Increment(ref held._arrived);
            await held._released.Task;
        });
        return held;
    }

    public Task ArrivedAsync(int count) => Eventually.TrueAsync(() => Arrived >= count);

    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _application!.DisposeAsync();
    }
}
