"""In the step of the climb the paths are in the second layer only. The climb leads from state to state."""


def list_paths(N):
    paths = []
    for i in range(1, N + 1):
        for j in range(i, N + 1):
            first = [(1, t) for t in range(i, j)]
            second = [(2, t) for t in range(j, N + 1)]
            paths.append(first + second)
    return paths
