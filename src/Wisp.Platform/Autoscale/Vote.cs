namespace Wisp.Platform.Autoscale;

/// <summary>What one policy wants.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Change">So many more or fewer; 0 is as many as there are.</param>
internal readonly record struct Vote(string Policy, int Change);
