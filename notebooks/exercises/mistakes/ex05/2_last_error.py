"""Only the paths to the last error are counted. Each error has paths of its own."""


def count_paths(steps, L):
    N = max(steps)
    ways = [[0] * (N + 1) for _ in range(L + 1)]
    ways[L][N] = 1
    for layer in range(L - 1, -1, -1):
        for t in range(N, 0, -1):
            ways[layer][t] = ways[layer + 1][t] + (ways[layer][t + 1] if t < N else 0)
    return sum(ways[0])
