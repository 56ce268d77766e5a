using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Survival;

/// <summary>A client that changes its resources one after the other until wispd is gone, and knows what was answered.</summary>
internal sealed class SurvivingClient(int number, int seed)
{
    private readonly Draw _draw = new(number, new Random(seed));
    private Dictionary<Resource, JsonObject> _state = [];

    /// <summary>What it was answered, as it has to be found.</summary>
    public IReadOnlyDictionary<Resource, JsonObject> State => _state;

    /// <summary>What was sent last and not answered.</summary>
    public Change? Pending { get; private set; }

    /// <summary>Changes things until nobody answers any more.</summary>
    /// <param name="wispd">The node.</param>
    /// <param name="answered">Hears of each answer.</param>
    public async Task RunAsync(Wispd wispd, Action answered)
    {
        while (true)
        {
            Pending = _draw.Next(_state);
            using var request = new HttpRequestMessage(Pending.Method, Pending.Path) { Content = new StringContent(Pending.Body, MediaTypeHeaderValue.Parse("application/json")) };
            string text;
            try
            {
                using var response = await wispd.Api.SendAsync(request, TestContext.Current.CancellationToken);
                text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                return;
            }

            Assert.True(JsonNode.Parse(text)!["status"]!.GetValue<string>() == "success", $"{Pending.Method} {Pending.Path} {Pending.Body}: {text}");
            Apply(Pending.Steps[^1]);
            Pending = null;
            answered();
        }
    }

    /// <summary>Takes over as far as what was not answered was carried out.</summary>
    /// <param name="found">What there is.</param>
    /// <param name="isFound">Whether what there is is what there should be.</param>
    /// <returns>False when it is neither as before nor as after.</returns>
    public bool Settle(IReadOnlyDictionary<Resource, JsonObject> found, Func<IReadOnlyDictionary<Resource, JsonObject>, IReadOnlyDictionary<Resource, JsonObject>, bool> isFound)
    {
        var before = _state;
        foreach (var step in (IEnumerable<IReadOnlyDictionary<Resource, JsonObject?>>)[new Dictionary<Resource, JsonObject?>(), .. Pending?.Steps ?? []])
        {
            _state = new Dictionary<Resource, JsonObject>(before);
            Apply(step);
            if (isFound(_state, found))
            {
                Pending = null;
                return true;
            }
        }

        _state = before;
        return false;
    }

    private void Apply(IReadOnlyDictionary<Resource, JsonObject?> step)
    {
        foreach (var (resource, item) in step)
        {
            if (item is null)
            {
                _state.Remove(resource);
            }
            else
            {
                _state[resource] = item;
            }
        }
    }
}
