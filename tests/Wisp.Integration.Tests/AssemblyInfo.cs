using Wisp.Integration.Tests.Support;

[assembly: AssemblyFixture(typeof(Node))]
// Two processors: more guests at once would only wait for each other.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
