using System.Reflection;
using Wisp.Layout;

namespace Wisp.Primitives.Tests.Layout;

public sealed class DataDirectoryTests
{
    [Fact]
    public void Everything_durable_is_below_the_root_and_has_a_place_of_its_own()
    {
        var directory = new DataDirectory("/srv/wisp");
        var paths = typeof(DataDirectory).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.Name != nameof(DataDirectory.Root))
            .Select(property => (string)property.GetValue(directory)!)
            .ToArray();
        Assert.All(paths, path => Assert.StartsWith("/srv/wisp/", path, StringComparison.Ordinal));
        Assert.Distinct(paths);
    }

    [Fact]
    public void A_helper_that_is_not_there_is_an_error_that_says_how_to_build_it()
    {
        Assert.True(NativeBinaries.Locate("wisp-nonsense").Failed(out var error, out _));
        Assert.Equal(ErrorCode.OperationFailed, error.Code);
        Assert.Contains("wisp-nonsense", error.Message, StringComparison.Ordinal);
        Assert.Contains("build-native", error.NextStep, StringComparison.Ordinal);
    }
}
