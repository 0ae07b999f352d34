"""Every path climbs in the step in which it enters. It may first go on in the first layer."""


def list_paths(N):
    return [((1, i), *((2, t) for t in range(i, N + 1))) for i in range(1, N + 1)]
