using System.Net.Sockets;

namespace Wisp.Network;

/// <summary>Opens a socket that may have been there before this process, and may outlast it.</summary>
/// <param name="name">Under which it is known.</param>
/// <param name="bind">Opens it anew.</param>
/// <returns>What can be disposed of by who has asked for it.</returns>
public delegate Socket OpenSocket(string name, Func<Socket> bind);
